import type { Dispatcher } from "undici";
import { ThumbrankError } from "./errors";
import { unquoted } from "./web-address";

/** A variable that does not hold a valid proxy address. Its value is not shown, since it may hold a password. */
export class ProxyInvalid extends ThumbrankError {
  constructor(readonly variable: string) {
    super("PROXY_INVALID", {
      what: `${variable} is not of the form http://user:password@host:port (its value is not shown, since it may hold a password)`,
      next: `write ${variable} in that form, with special characters of user and password percent-encoded, or unset it`,
    });
  }
}

/** A password always comes before the last "@"; only what follows the last "@" is shown. */
const FORM = /^https?:\/\/([^/?#\s"']*@)?(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?\/?$/i;

/** A proxy's address, its host for messages, and its credentials. */
interface Proxy {
  /** Without user and password. */
  origin: string;
  host: string;
  /** Value of the Proxy-Authorization header. */
  token?: string;
}

/**
 * Routes this process's `fetch` calls through the proxies in HTTP_PROXY and HTTPS_PROXY (lower-case names take
 * precedence), except for the hosts in NO_PROXY and this machine. The clients of Google, Supabase and the hub all use
 * `fetch`. Loads nothing if no proxy is set.
 * @throws ProxyInvalid
 */
export async function useProxy(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const http = readProxy("http_proxy", environment);
  const https = readProxy("https_proxy", environment);
  if (http === null && https === null) return;
  const { Agent, DecoratorHandler, ProxyAgent, setGlobalDispatcher } = await import("undici");
  class NamingHandler extends DecoratorHandler {
    constructor(
      readonly handler: Dispatcher.DispatchHandlers,
      readonly host: string,
    ) {
      super(handler);
    }
    onError(error: Error & { code?: string }): void {
      const { message, code, name } = error;
      const given = `${message} (through the proxy ${this.host})`;
      // undici reports a proxy's refusal as an AbortError, whose message fetch discards, so it becomes a plain Error. A
      // real abort is passed on unchanged.
      const isAbort = name === "AbortError" && !message.startsWith("Proxy response");
      this.handler.onError?.(isAbort ? error : Object.assign(new Error(given), code === undefined ? {} : { code }));
    }
  }
  const throughProxy = (proxy: Proxy): Dispatcher.DispatcherComposeInterceptor => {
    const { origin: uri, host, token } = proxy;
    const agent = new ProxyAgent({ uri, ...(token === undefined ? {} : { token }) });
    return () => (options, handler) => agent.dispatch(options, new NamingHandler(handler, host));
  };
  const noProxy = environment.no_proxy ?? environment.NO_PROXY ?? "";
  const ways = { "http:": http && throughProxy(http), "https:": https && throughProxy(https) };
  setGlobalDispatcher(
    new Agent().compose((dispatch) => (options, handler) => {
      const url = new URL(String(options.origin));
      const way = isDirect(url, noProxy) ? null : ways[url.protocol === "https:" ? "https:" : "http:"];
      return (way === null ? dispatch : way(dispatch))(options, handler);
    }),
  );
}

/** Hosts of the configured proxies, safe to show: no user, no password. @throws ProxyInvalid */
export function proxyHosts(environment: NodeJS.ProcessEnv = process.env): string[] {
  const proxies = [readProxy("http_proxy", environment), readProxy("https_proxy", environment)];
  return [...new Set(proxies.flatMap((proxy) => proxy?.host ?? []))];
}

/**
 * Whether an address is reached without a proxy: this machine, and the entries of NO_PROXY, separated by commas or
 * blanks. An entry matches a host and its subdomains; with a port, only that port. `*` matches everything.
 */
export function isDirect(url: URL, noProxy: string): boolean {
  const host = url.hostname.toLowerCase();
  if (/^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(host)) return true;
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return noProxy
    .toLowerCase()
    .split(/[,\s]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      const [, name = "", only] = /^(.*?)(?::(\d+))?$/.exec(entry.replace(/^\*?\./, "")) ?? [];
      return (host === name || host.endsWith(`.${name}`)) && (only === undefined || only === port);
    });
}

/** Reads the proxy from a variable, the lower-case name first; a bare `host:port` means HTTP. @throws ProxyInvalid */
function readProxy(name: string, environment: NodeJS.ProcessEnv): Proxy | null {
  const variable = environment[name] ? name : name.toUpperCase();
  const given = unquoted(environment[variable] ?? "");
  if (given === "") return null;
  const text = given.includes("://") ? given : `http://${given}`;
  if (!FORM.test(text) || !URL.canParse(text)) throw new ProxyInvalid(variable);
  const { origin, host, username, password } = new URL(text);
  if (username === "" && password === "") return { origin, host };
  try {
    const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return { origin, host, token: `Basic ${Buffer.from(login).toString("base64")}` };
  } catch {
    throw new ProxyInvalid(variable);
  }
}
