-- The API's role on the tables of 0002: it reads and appends, and can end a version; nothing else of theirs can be edited.
do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['account_merges', 'usage_periods', 'closed_periods', 'saved_policies', 'rate_sets', 'exchange_rates']
  loop
    execute format('alter table %I force row level security', tenant_table);
    execute format('grant select, insert on %I to accrete_api', tenant_table);
  end loop;
end
$$;
--> statement-breakpoint
grant update (superseded_version) on account_merges, usage_periods, closed_periods, saved_policies, exchange_rates to accrete_api;
