import { ThumbrankError } from "../../base";

const CONNECT = "`thumbrank ctr connect`";

/** The OAuth client that consent requires is not configured. */
export class CtrClientMissing extends ThumbrankError {
  constructor(readonly names: readonly string[]) {
    super("CTR_CLIENT_MISSING", {
      what: `${names.join(" and ")} ${names.length > 1 ? "are" : "is"} not set`,
      next: 'create an OAuth client of type "Desktop app" in the Google Cloud console (docs/CTR.md shows how), and set GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET',
    });
  }
}

/** Google does not know the OAuth client. */
export class CtrClientRefused extends ThumbrankError {
  constructor(readonly reason: string) {
    super("CTR_CLIENT_REFUSED", {
      what: `Google refuses the OAuth client of GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET (${reason})`,
      next: `copy both again from the client's page in the Google Cloud console; after a new client, ${CONNECT}`,
    });
  }
}

/** The owner denied consent. */
export class CtrConsentDenied extends ThumbrankError {
  constructor(readonly reason: string) {
    super("CTR_CONSENT_DENIED", {
      what: `Google gave no consent (${reason})`,
      next: `repeat ${CONNECT}, choose the account that owns the channel, and allow what it asks for; while the app is in testing, that account must be one of its test users`,
    });
  }
}

/** Nobody answered the consent page in time. */
export class CtrConsentTimeout extends ThumbrankError {
  constructor(readonly minutes: number) {
    super("CTR_CONSENT_TIMEOUT", {
      what: `nobody answered the consent page within ${minutes} minutes`,
      next: `repeat ${CONNECT} and open its address in a browser on this machine; from another machine, forward the port first: ssh -L PORT:127.0.0.1:PORT, with --port PORT`,
    });
  }
}

/** The answer belongs to another consent page, or to none. */
export class CtrStateWrong extends ThumbrankError {
  constructor() {
    super("CTR_STATE_WRONG", {
      what: "an answer arrived that does not belong to this consent page: its state parameter is different",
      next: `close older consent pages and repeat ${CONNECT}; if it happens again, some other program or page calls this port`,
    });
  }
}

/** The port to listen on is in use. */
export class CtrPortInUse extends ThumbrankError {
  constructor(
    readonly port: number,
    readonly reason: string,
  ) {
    super("CTR_PORT_IN_USE", {
      what: `port ${port} of 127.0.0.1 cannot be listened on (${reason})`,
      next: "choose another with --port, or leave it out to use any free one",
    });
  }
}

/** The consent lacks the required scope. */
export class CtrScopeMissing extends ThumbrankError {
  constructor() {
    super("CTR_SCOPE_MISSING", {
      what: "the consent does not cover reading YouTube Analytics reports (yt-analytics.readonly)",
      next: `repeat ${CONNECT} and leave the box ticked at "View YouTube Analytics reports"`,
    });
  }
}

/** Google refuses to exchange the code that it sent for a token. */
export class CtrExchangeRefused extends ThumbrankError {
  constructor(readonly reason: string) {
    super("CTR_EXCHANGE_REFUSED", {
      what: `Google returned no refresh token for its own code (${reason})`,
      next: `repeat ${CONNECT}; an answer is valid once, for a few minutes`,
    });
  }
}

/** No owner has connected yet. */
export class CtrNotConnected extends ThumbrankError {
  constructor(readonly file: string) {
    super("CTR_NOT_CONNECTED", {
      what: `there is no permission to read a channel's reports (${file} is not there)`,
      next: `${CONNECT}, as the channel's owner`,
    });
  }
}

/** Others on this machine could read the token. */
export class CtrTokenExposed extends ThumbrankError {
  constructor(
    readonly file: string,
    readonly mode: string,
  ) {
    super("CTR_TOKEN_EXPOSED", {
      what: `${file} can be read by others (mode ${mode})`,
      next: `chmod 600 ${file}; if someone may have read it, \`thumbrank ctr disconnect\` and ${CONNECT}`,
    });
  }
}

/** The token's file is damaged. */
export class CtrTokenDamaged extends ThumbrankError {
  constructor(readonly file: string) {
    super("CTR_TOKEN_DAMAGED", { what: `${file} cannot be understood`, next: `delete it, then ${CONNECT}` });
  }
}

/** The owner's consent has expired or was revoked. */
export class CtrAuthorisationEnded extends ThumbrankError {
  constructor(readonly reason: string) {
    super("CTR_AUTHORISATION_ENDED", {
      what: `the permission to read the channel's reports has ended (${reason}): it was withdrawn, or expired, as it does after 7 days while the app is in testing`,
      next: `${CONNECT}; to make it last, publish the app ("In production") on the consent screen's page`,
    });
  }
}

/** The token is deleted here, but revoking it at Google failed. */
export class CtrRevokeFailed extends ThumbrankError {
  constructor(readonly reason: string) {
    super("CTR_REVOKE_FAILED", {
      what: `the token was deleted from this machine, but could not be revoked at Google (${reason})`,
      next: "remove the app's access at https://myaccount.google.com/permissions",
    });
  }
}

/** The API is not enabled for the project. */
export class CtrApiDisabled extends ThumbrankError {
  constructor(readonly reason: string) {
    super("CTR_API_DISABLED", {
      what: `the OAuth client's project may not use the YouTube Reporting API (${reason})`,
      next: 'enable "YouTube Reporting API" for it in the Google Cloud console (APIs & Services, Library), wait a few minutes, and repeat the command',
    });
  }
}

/** Google refuses a call for a reason that retrying does not fix. */
export class CtrCallRefused extends ThumbrankError {
  constructor(
    readonly call: string,
    readonly reason: string,
  ) {
    super("CTR_CALL_REFUSED", {
      what: `the YouTube Reporting API refuses to ${call}: ${reason}`,
      next: "check that the connected account owns a channel; what was synced before is kept",
    });
  }
}

/** Google gave no usable answer in any attempt. */
export class CtrUnreachable extends ThumbrankError {
  constructor(
    readonly call: string,
    readonly attempts: number,
    readonly reason: string,
  ) {
    super("CTR_UNREACHABLE", {
      what: `Google gave no usable answer to "${call}" in ${attempts} attempts, the last: ${reason}`,
      next: "check the connection and repeat the command: it continues where it stopped",
    });
  }
}

/** A report does not have the expected columns or values. */
export class CtrReportUnreadable extends ThumbrankError {
  constructor(
    readonly reportId: string,
    readonly reason: string,
  ) {
    super("CTR_REPORT_UNREADABLE", {
      what: `report ${reportId} cannot be used: ${reason}`,
      next: "repeat the command, which fetches it again; if it persists, the report's form has changed: please report it",
    });
  }
}

/** A report's address is on a host to which the token must not be sent. */
export class CtrAddressForeign extends ThumbrankError {
  constructor(
    readonly reportId: string,
    readonly origin: string,
  ) {
    super("CTR_ADDRESS_FOREIGN", {
      what: `report ${reportId} points to ${origin}, which is not the Reporting API's`,
      next: "nothing was sent there; repeat later, and report it if it persists",
    });
  }
}

/** Another sync is running in this home. */
export class CtrSyncRunning extends ThumbrankError {
  constructor(
    readonly folder: string,
    readonly pid: number,
  ) {
    super("CTR_SYNC_RUNNING", {
      what: `process ${pid} is fetching reports into ${folder}`,
      next: "wait for it or stop it, then repeat the command",
    });
  }
}
