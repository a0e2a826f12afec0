CREATE TABLE "account_merges" (
	"workspace_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"into_id" uuid NOT NULL,
	"recorded_version" bigint NOT NULL,
	"superseded_version" bigint DEFAULT 9223372036854775807 NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"merged_by" text NOT NULL,
	CONSTRAINT "account_merges_pkey" PRIMARY KEY("workspace_id","account_id","recorded_version"),
	CONSTRAINT "account_merges_self_check" CHECK ("account_merges"."into_id" <> "account_merges"."account_id")
);
--> statement-breakpoint
ALTER TABLE "account_merges" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "usage_periods" (
	"workspace_id" uuid NOT NULL,
	"line_id" uuid NOT NULL,
	"from_on" date NOT NULL,
	"until_on" date NOT NULL,
	"amount" numeric NOT NULL,
	"recorded_version" bigint NOT NULL,
	"superseded_version" bigint DEFAULT 9223372036854775807 NOT NULL,
	"batch_id" uuid NOT NULL,
	"source_row" integer NOT NULL,
	CONSTRAINT "usage_periods_pkey" PRIMARY KEY("workspace_id","line_id","from_on","recorded_version"),
	CONSTRAINT "usage_periods_dates_check" CHECK ("usage_periods"."until_on" > "usage_periods"."from_on"),
	CONSTRAINT "usage_periods_amount_check" CHECK ("usage_periods"."amount" >= 0)
);
--> statement-breakpoint
ALTER TABLE "usage_periods" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "closed_periods" (
	"workspace_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"from_on" date NOT NULL,
	"until_on" date NOT NULL,
	"recorded_version" bigint NOT NULL,
	"superseded_version" bigint DEFAULT 9223372036854775807 NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"closed_by" text NOT NULL,
	"note" text,
	CONSTRAINT "closed_periods_pkey" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "closed_periods_dates_check" CHECK ("closed_periods"."until_on" > "closed_periods"."from_on")
);
--> statement-breakpoint
ALTER TABLE "closed_periods" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "saved_policies" (
	"workspace_id" uuid NOT NULL,
	"name" text NOT NULL,
	"recorded_version" bigint NOT NULL,
	"superseded_version" bigint DEFAULT 9223372036854775807 NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"set_by" text NOT NULL,
	"keys" jsonb,
	CONSTRAINT "saved_policies_pkey" PRIMARY KEY("workspace_id","name","recorded_version")
);
--> statement-breakpoint
ALTER TABLE "saved_policies" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "exchange_rates" (
	"workspace_id" uuid NOT NULL,
	"rate_set_id" uuid NOT NULL,
	"from_currency" text NOT NULL,
	"to_currency" text NOT NULL,
	"from_on" date NOT NULL,
	"rate" numeric NOT NULL,
	"recorded_version" bigint NOT NULL,
	"superseded_version" bigint DEFAULT 9223372036854775807 NOT NULL,
	"batch_id" uuid NOT NULL,
	CONSTRAINT "exchange_rates_pkey" PRIMARY KEY("workspace_id","rate_set_id","from_currency","to_currency","from_on","recorded_version"),
	CONSTRAINT "exchange_rates_currencies_check" CHECK (from_currency ~ '^[A-Z]{3}$' and to_currency ~ '^[A-Z]{3}$' and from_currency <> to_currency),
	CONSTRAINT "exchange_rates_rate_check" CHECK (rate > 0)
);
--> statement-breakpoint
ALTER TABLE "exchange_rates" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "rate_sets" (
	"workspace_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	CONSTRAINT "rate_sets_pkey" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "rate_sets_name_key" UNIQUE("workspace_id","name"),
	CONSTRAINT "rate_sets_kind_check" CHECK (kind in ('CONSTANT', 'DATED'))
);
--> statement-breakpoint
ALTER TABLE "rate_sets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "transfers" DROP CONSTRAINT "transfers_plans_check";--> statement-breakpoint
ALTER TABLE "movements" ADD COLUMN "corrects" uuid;--> statement-breakpoint
ALTER TABLE "movements" ADD COLUMN "note" text;--> statement-breakpoint
ALTER TABLE "transfers" ADD COLUMN "from_line_id" uuid;--> statement-breakpoint
ALTER TABLE "transfers" ADD COLUMN "to_line_id" uuid;--> statement-breakpoint
ALTER TABLE "workspace_settings" ADD COLUMN "constant_rate_set_id" uuid;--> statement-breakpoint
ALTER TABLE "workspace_settings" ADD COLUMN "reported_rate_set_id" uuid;--> statement-breakpoint
ALTER TABLE "workspace_settings" ADD COLUMN "closed_period_treatment" text DEFAULT 'REFUSE' NOT NULL;--> statement-breakpoint
ALTER TABLE "account_merges" ADD CONSTRAINT "account_merges_account_fk" FOREIGN KEY ("workspace_id","account_id") REFERENCES "public"."accounts"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_merges" ADD CONSTRAINT "account_merges_into_fk" FOREIGN KEY ("workspace_id","into_id") REFERENCES "public"."accounts"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_periods" ADD CONSTRAINT "usage_periods_line_fk" FOREIGN KEY ("workspace_id","line_id") REFERENCES "public"."contract_lines"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_rates" ADD CONSTRAINT "exchange_rates_set_fk" FOREIGN KEY ("workspace_id","rate_set_id") REFERENCES "public"."rate_sets"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "account_merges_into_idx" ON "account_merges" USING btree ("workspace_id","into_id");--> statement-breakpoint
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_way_check" CHECK (from_plan_id <> to_plan_id or from_line_id <> to_line_id);--> statement-breakpoint
ALTER TABLE "workspace_settings" ADD CONSTRAINT "workspace_settings_closed_check" CHECK (closed_period_treatment in ('REFUSE', 'RESTATE'));--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "account_merges" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "usage_periods" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "closed_periods" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "saved_policies" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "exchange_rates" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspace_isolation" ON "rate_sets" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);