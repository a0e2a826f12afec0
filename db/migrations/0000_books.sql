CREATE TABLE "account_parents" (
	"workspace_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"parent_id" uuid NOT NULL,
	"from_on" date NOT NULL,
	"until_on" date,
	"recorded_version" bigint NOT NULL,
	"superseded_version" bigint DEFAULT 9223372036854775807 NOT NULL,
	CONSTRAINT "account_parents_pkey" PRIMARY KEY("workspace_id","account_id","from_on","recorded_version"),
	CONSTRAINT "account_parents_dates_check" CHECK ("account_parents"."until_on" > "account_parents"."from_on"),
	CONSTRAINT "account_parents_self_check" CHECK ("account_parents"."parent_id" <> "account_parents"."account_id")
);
--> statement-breakpoint
ALTER TABLE "account_parents" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "account_versions" (
	"workspace_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"from_on" date NOT NULL,
	"until_on" date,
	"recorded_version" bigint NOT NULL,
	"superseded_version" bigint DEFAULT 9223372036854775807 NOT NULL,
	"name" text NOT NULL,
	"channel" text,
	"region" text,
	"industry" text,
	"owner" text,
	"attributes" jsonb NOT NULL,
	CONSTRAINT "account_versions_pkey" PRIMARY KEY("workspace_id","account_id","from_on","recorded_version"),
	CONSTRAINT "account_versions_dates_check" CHECK ("account_versions"."until_on" > "account_versions"."from_on")
);
--> statement-breakpoint
ALTER TABLE "account_versions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "accounts" (
	"workspace_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"external_id" text NOT NULL,
	"source" text,
	CONSTRAINT "accounts_pkey" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "accounts_external_id_key" UNIQUE("workspace_id","external_id"),
	CONSTRAINT "accounts_source_check" CHECK (source in ('LINES', 'MOVEMENTS'))
);
--> statement-breakpoint
ALTER TABLE "accounts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "plan_versions" (
	"workspace_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"recorded_version" bigint NOT NULL,
	"superseded_version" bigint DEFAULT 9223372036854775807 NOT NULL,
	"name" text NOT NULL,
	"rank" integer,
	CONSTRAINT "plan_versions_pkey" PRIMARY KEY("workspace_id","plan_id","recorded_version")
);
--> statement-breakpoint
ALTER TABLE "plan_versions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "plans" (
	"workspace_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"external_id" text NOT NULL,
	CONSTRAINT "plans_pkey" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "plans_external_id_key" UNIQUE("workspace_id","external_id"),
	CONSTRAINT "plans_product_key" UNIQUE("workspace_id","product_id","id")
);
--> statement-breakpoint
ALTER TABLE "plans" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "product_versions" (
	"workspace_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"recorded_version" bigint NOT NULL,
	"superseded_version" bigint DEFAULT 9223372036854775807 NOT NULL,
	"name" text NOT NULL,
	"family" text NOT NULL,
	CONSTRAINT "product_versions_pkey" PRIMARY KEY("workspace_id","product_id","recorded_version")
);
--> statement-breakpoint
ALTER TABLE "product_versions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "products" (
	"workspace_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"external_id" text NOT NULL,
	CONSTRAINT "products_pkey" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "products_external_id_key" UNIQUE("workspace_id","external_id")
);
--> statement-breakpoint
ALTER TABLE "products" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "contract_line_versions" (
	"workspace_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"line_id" uuid NOT NULL,
	"contract_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"is_add_on" boolean NOT NULL,
	"from_on" date NOT NULL,
	"until_on" date,
	"quantity" numeric NOT NULL,
	"unit_price" numeric NOT NULL,
	"discount_percent" numeric,
	"discount_amount" numeric,
	"billing_interval" text NOT NULL,
	"currency" text NOT NULL,
	"arr_minor" bigint NOT NULL,
	"term_ends_on" date,
	"booked_on" date,
	"motion" text,
	"campaign" text,
	"recorded_version" bigint NOT NULL,
	"superseded_version" bigint DEFAULT 9223372036854775807 NOT NULL,
	"batch_id" uuid NOT NULL,
	"source_row" integer NOT NULL,
	CONSTRAINT "contract_line_versions_pkey" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "contract_line_versions_key" UNIQUE("workspace_id","line_id","from_on","recorded_version"),
	CONSTRAINT "contract_line_versions_dates_check" CHECK ("contract_line_versions"."until_on" > "contract_line_versions"."from_on"),
	CONSTRAINT "contract_line_versions_kind_check" CHECK (kind in ('RECURRING', 'COMMITMENT', 'METERED')),
	CONSTRAINT "contract_line_versions_interval_check" CHECK (billing_interval in ('DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'THREE_YEARS')),
	CONSTRAINT "contract_line_versions_arr_check" CHECK ("contract_line_versions"."arr_minor" >= 0),
	CONSTRAINT "contract_line_versions_quantity_check" CHECK ("contract_line_versions"."quantity" >= 0 and "contract_line_versions"."unit_price" >= 0),
	CONSTRAINT "contract_line_versions_discount_check" CHECK (("contract_line_versions"."discount_percent" is null or "contract_line_versions"."discount_percent" between 0 and 100)
        and ("contract_line_versions"."discount_amount" is null or "contract_line_versions"."discount_amount" >= 0)
        and ("contract_line_versions"."discount_percent" is null or "contract_line_versions"."discount_amount" is null))
);
--> statement-breakpoint
ALTER TABLE "contract_line_versions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "contract_lines" (
	"workspace_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"external_id" text NOT NULL,
	CONSTRAINT "contract_lines_pkey" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "contract_lines_external_id_key" UNIQUE("workspace_id","external_id")
);
--> statement-breakpoint
ALTER TABLE "contract_lines" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "contracts" (
	"workspace_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"external_id" text NOT NULL,
	CONSTRAINT "contracts_pkey" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "contracts_external_id_key" UNIQUE("workspace_id","external_id"),
	CONSTRAINT "contracts_account_key" UNIQUE("workspace_id","account_id","id")
);
--> statement-breakpoint
ALTER TABLE "contracts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "api_keys" (
	"workspace_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"scope" text NOT NULL,
	"secret_hash" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_keys_pkey" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "api_keys_scope_check" CHECK (scope in ('read', 'write', 'admin'))
);
--> statement-breakpoint
ALTER TABLE "api_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "import_batches" (
	"workspace_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"file_name" text,
	"actor" text NOT NULL,
	"ledger_version" bigint NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"rows_read" bigint NOT NULL,
	"rows_changed" bigint NOT NULL,
	"rows_refused" bigint NOT NULL,
	"movements_appended" bigint NOT NULL,
	CONSTRAINT "import_batches_pkey" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "import_batches_kind_check" CHECK (kind in ('catalog', 'accounts', 'contract-lines', 'movements'))
);
--> statement-breakpoint
ALTER TABLE "import_batches" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "movements" (
	"workspace_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"effective_on" date NOT NULL,
	"type" text NOT NULL,
	"driver" text,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"line_id" uuid,
	"product_id" uuid,
	"plan_id" uuid,
	"kind" text,
	"is_add_on" boolean NOT NULL,
	"motion" text,
	"campaign" text,
	"booked_on" date,
	"external_id" text,
	"change_id" uuid NOT NULL,
	"reverses" uuid,
	"rule" text NOT NULL,
	"version_before_id" uuid,
	"version_after_id" uuid,
	"pair_before_ids" uuid[],
	"pair_after_ids" uuid[],
	"batch_id" uuid NOT NULL,
	"source_row" integer,
	"recorded_at" timestamp with time zone NOT NULL,
	"ledger_version" bigint NOT NULL,
	CONSTRAINT "movements_pkey" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "movements_type_check" CHECK (type in ('NEW', 'REACTIVATION', 'EXPANSION', 'CONTRACTION', 'CHURN')),
	CONSTRAINT "movements_driver_check" CHECK (driver in ('SEAT', 'TIER', 'ADD_ON', 'CROSS_SELL', 'USAGE_COMMITMENT', 'USAGE', 'PRICE', 'DISCOUNT', 'OTHER')),
	CONSTRAINT "movements_driver_fits_type_check" CHECK ((driver is not null) = (type in ('EXPANSION', 'CONTRACTION'))),
	CONSTRAINT "movements_sign_fits_type_check" CHECK (amount_minor <> 0 and (amount_minor > 0) = ((type in ('NEW', 'REACTIVATION', 'EXPANSION')) = (reverses is null))),
	CONSTRAINT "movements_currency_check" CHECK (currency ~ '^[A-Z]{3}$')
);
--> statement-breakpoint
ALTER TABLE "movements" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "transfers" (
	"workspace_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"effective_on" date NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"from_product_id" uuid NOT NULL,
	"from_plan_id" uuid NOT NULL,
	"to_product_id" uuid NOT NULL,
	"to_plan_id" uuid NOT NULL,
	"reverses" uuid,
	"batch_id" uuid NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"ledger_version" bigint NOT NULL,
	CONSTRAINT "transfers_pkey" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "transfers_sign_check" CHECK (amount_minor <> 0 and (amount_minor > 0) = (reverses is null)),
	CONSTRAINT "transfers_plans_check" CHECK (from_plan_id <> to_plan_id)
);
--> statement-breakpoint
ALTER TABLE "transfers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "commits" (
	"workspace_id" uuid NOT NULL,
	"version" bigint NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	CONSTRAINT "commits_pkey" PRIMARY KEY("workspace_id","version")
);
--> statement-breakpoint
ALTER TABLE "commits" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "ledger_versions" (
	"workspace_id" uuid PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "ledger_versions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workspace_settings" (
	"workspace_id" uuid NOT NULL,
	"recorded_version" bigint NOT NULL,
	"superseded_version" bigint DEFAULT 9223372036854775807 NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"set_by" text NOT NULL,
	"reporting_currency" text NOT NULL,
	"fiscal_year_start_month" smallint NOT NULL,
	"segment_bands" jsonb NOT NULL,
	"default_policy" jsonb NOT NULL,
	CONSTRAINT "workspace_settings_pkey" PRIMARY KEY("workspace_id","recorded_version"),
	CONSTRAINT "workspace_settings_currency_check" CHECK ("workspace_settings"."reporting_currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "workspace_settings_month_check" CHECK ("workspace_settings"."fiscal_year_start_month" between 1 and 12)
);
--> statement-breakpoint
ALTER TABLE "workspace_settings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workspaces" (
	"workspace_id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "workspaces" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "account_parents" ADD CONSTRAINT "account_parents_account_fk" FOREIGN KEY ("workspace_id","account_id") REFERENCES "public"."accounts"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_parents" ADD CONSTRAINT "account_parents_parent_fk" FOREIGN KEY ("workspace_id","parent_id") REFERENCES "public"."accounts"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_versions" ADD CONSTRAINT "account_versions_account_fk" FOREIGN KEY ("workspace_id","account_id") REFERENCES "public"."accounts"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_versions" ADD CONSTRAINT "plan_versions_plan_fk" FOREIGN KEY ("workspace_id","plan_id") REFERENCES "public"."plans"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_product_fk" FOREIGN KEY ("workspace_id","product_id") REFERENCES "public"."products"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_versions" ADD CONSTRAINT "product_versions_product_fk" FOREIGN KEY ("workspace_id","product_id") REFERENCES "public"."products"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contract_line_versions" ADD CONSTRAINT "contract_line_versions_line_fk" FOREIGN KEY ("workspace_id","line_id") REFERENCES "public"."contract_lines"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contract_line_versions" ADD CONSTRAINT "contract_line_versions_contract_fk" FOREIGN KEY ("workspace_id","account_id","contract_id") REFERENCES "public"."contracts"("workspace_id","account_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contract_line_versions" ADD CONSTRAINT "contract_line_versions_plan_fk" FOREIGN KEY ("workspace_id","product_id","plan_id") REFERENCES "public"."plans"("workspace_id","product_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contracts" ADD CONSTRAINT "contracts_account_fk" FOREIGN KEY ("workspace_id","account_id") REFERENCES "public"."accounts"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "movements" ADD CONSTRAINT "movements_account_fk" FOREIGN KEY ("workspace_id","account_id") REFERENCES "public"."accounts"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_account_fk" FOREIGN KEY ("workspace_id","account_id") REFERENCES "public"."accounts"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "account_parents_parent_idx" ON "account_parents" USING btree ("workspace_id","parent_id");--> statement-breakpoint
CREATE INDEX "contract_line_versions_account_idx" ON "contract_line_versions" USING btree ("workspace_id","account_id","from_on");--> statement-breakpoint
CREATE INDEX "movements_effective_on_idx" ON "movements" USING btree ("workspace_id","effective_on","id");--> statement-breakpoint
CREATE INDEX "movements_account_idx" ON "movements" USING btree ("workspace_id","account_id","effective_on");--> statement-breakpoint
CREATE UNIQUE INDEX "movements_reverses_key" ON "movements" USING btree ("workspace_id","reverses") WHERE reverses is not null;--> statement-breakpoint
CREATE INDEX "movements_external_id_idx" ON "movements" USING btree ("workspace_id","external_id") WHERE external_id is not null;--> statement-breakpoint
CREATE INDEX "transfers_account_idx" ON "transfers" USING btree ("workspace_id","account_id","effective_on");--> statement-breakpoint
CREATE UNIQUE INDEX "transfers_reverses_key" ON "transfers" USING btree ("workspace_id","reverses") WHERE reverses is not null;--> statement-breakpoint
CREATE INDEX "commits_recorded_at_idx" ON "commits" USING btree ("workspace_id","recorded_at");--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "account_parents" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "account_versions" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "accounts" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "plan_versions" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "plans" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "product_versions" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "products" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "contract_line_versions" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "contract_lines" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "contracts" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "api_keys" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "import_batches" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "movements" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "transfers" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "commits" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "ledger_versions" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "workspace_settings" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "workspaces" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);