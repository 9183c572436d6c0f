import type { SqlConnection } from "./connection";
import type { Argument, Database } from "./database";

const PAGE_ROWS = 5000;

/** The schema's functions, called by SQL. */
export function sqlDatabase(connection: SqlConnection): Database {
  return {
    description: connection.description,
    pageRows: PAGE_ROWS,
    bulk: connection.bulk,
    call<Row>(name: string, values: Readonly<Record<string, Argument>> = {}) {
      const names = Object.keys(values).map((key, index) => `${key} => $${index + 1}`);
      return connection.query<Row>(
        `select * from ${name}(${names.join(", ")})`,
        Object.values(values).map(parameterOf),
      );
    },
    async vacuum(tables) {
      await connection.query(`vacuum (analyze) ${tables.join(", ")}`);
    },
    close: () => connection.close(),
  };
}

/** Drivers take arrays for PostgreSQL's own and would shift instants to local time. */
function parameterOf(value: Argument): unknown {
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}
