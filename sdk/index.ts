// Everything that the package exports.

export { addAmounts, compareAmounts, fromMinor, toMinor } from "./amounts.ts";
export type { AsKnown, CallOptions, ListOptions, PageOptions } from "./call.ts";
export { Accrete, type AccreteOptions, type VariablesAndOptions } from "./client.ts";
export type { AccreteDocument, TypedDocument } from "./document.ts";
export {
  AccreteError,
  type AccreteErrorCode,
  type AccreteErrorOptions,
  AuthenticationError,
  ConflictError,
  ConnectionError,
  type ErrorDetail,
  InputError,
  InternalError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  TimeoutError,
  UnavailableError,
  UnexpectedAnswerError,
} from "./errors.ts";
export * from "./generated/documents.ts";
export * from "./generated/types.ts";
export type { Listing, Page } from "./paginate.ts";
export type { AccountsResource, ReadOn } from "./resources/accounts.ts";
export type { CatalogResource } from "./resources/catalog.ts";
export type { ContractsResource } from "./resources/contracts.ts";
export type {
  ArrSeriesQuestion,
  CurrencyBridgeQuestion,
  ExpansionQuestion,
  MethodBridgeQuestion,
  MetricsResource,
  ReconciliationQuestion,
  ReportQuestion,
  SegmentMigrationQuestion,
  WhatChangedQuestion,
} from "./resources/metrics.ts";
export type { MovementListOptions, MovementsResource } from "./resources/movements.ts";
export type { PoliciesResource } from "./resources/policies.ts";
export type { RatesResource } from "./resources/rates.ts";
export type { WorkspaceResource } from "./resources/workspaces.ts";
export type { Delay } from "./retry.ts";
export type { Fetch } from "./transport.ts";
export { sdkVersion } from "./version.ts";
export { type FiscalCalendar, month, quarter, type Window, year } from "./windows.ts";
