// True click-through rates from the Reporting API, for channels whose owner consents.
export { openReporting, type ReportingApi, type ReportingOptions } from "./api";
export { type ConnectOptions, connectOwner, disconnectOwner } from "./connect";
export * from "./errors";
export { SCOPE } from "./oauth";
export { type SyncOptions, type SyncReport, syncCtr } from "./sync";
export { type Consent, consentFile, readConsent } from "./token-file";
