import { Client } from "pg";

/**
 * node-postgres' client, which leaves its connection open when it is itself what refuses to log in, as without a password
 * that the server asks for: the process would never end.
 */
export class PostgresClient extends Client {
  override connect(): Promise<Client>;
  override connect(done: (error: Error) => void): void;
  override connect(done?: (error: Error) => void): Promise<Client> | undefined {
    const connected = super.connect().catch((error: unknown) => {
      this.end().catch(() => {});
      throw error;
    });
    if (done === undefined) return connected;
    connected.then(() => done(undefined as never), done);
    return undefined;
  }
}
