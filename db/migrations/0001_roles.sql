-- The API's role: owns nothing, passes every row-level-security policy, and cannot edit the ledger. Login roles are made members of it.
do $$
begin
  create role accrete_api nologin;
exception
  -- Roles belong to the whole server: another database, or a migration running beside this one, has made it.
  when duplicate_object or unique_violation then null;
end
$$;
--> statement-breakpoint
do $$
declare
  tenant_table regclass;
begin
  for tenant_table in
    select c.oid::regclass from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'workspace_id'
  loop
    execute format('alter table %s force row level security', tenant_table);
    execute format('grant select, insert on %s to accrete_api', tenant_table);
  end loop;
  execute format('grant temporary on database %I to accrete_api', current_database());
end
$$;
--> statement-breakpoint
grant usage on schema public to accrete_api;
--> statement-breakpoint
grant select on schema_migrations to accrete_api;
--> statement-breakpoint
grant update on ledger_versions to accrete_api;
--> statement-breakpoint
grant update (superseded_version) on workspace_settings, product_versions, plan_versions, account_versions, account_parents,
  contract_line_versions to accrete_api;
--> statement-breakpoint
grant update (source) on accounts to accrete_api;
--> statement-breakpoint
grant update (expires_at, revoked_at) on api_keys to accrete_api;
