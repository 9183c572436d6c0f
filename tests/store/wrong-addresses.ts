/** Addresses of a database as people leave them in DATABASE_URL, each with a password in it. Host and port answer nobody. */
export const WRONG_ADDRESSES: Record<string, (password: string) => string> = {
  "in double quotes": (password) => `"postgres://me:${password}@127.0.0.1:1/db"`,
  "in single quotes": (password) => `'postgres://me:${password}@127.0.0.1:1/db'`,
  "in one quote": (password) => `"postgres://me:${password}@127.0.0.1:1/db`,
  "in keywords": (password) => `host=127.0.0.1 port=1 user=me password=${password} dbname=db`,
  "after a blank": (password) => ` postgres://me:${password}@127.0.0.1:1/db\n`,
  "pasted with psql": (password) => `psql postgres://me:${password}@127.0.0.1:1/db`,
  "pasted with psql and options": (password) => `psql "postgres://me:${password}@127.0.0.1:1/db" -c "select 1"`,
  "pasted with its name": (password) => `DATABASE_URL=postgres://me:${password}@127.0.0.1:1/db`,
  "with a slash in the password": (password) => `postgres://me:1234/${password}@127.0.0.1:1/db`,
  "with a question mark in it": (password) => `postgres://me:1234?${password}@127.0.0.1:1/db`,
  "with what looks like a parameter in it": (password) => `postgres://me:1234?host=${password}@127.0.0.1:1/db`,
  "with a hash in it": (password) => `postgres://me:1234#${password}@127.0.0.1:1/db`,
  "with an at sign in it": (password) => `postgres://me:1234@${password}@127.0.0.1:1/db`,
  "with an at sign and a slash in it": (password) => `postgres://me:1@2/${password}@127.0.0.1:1/db`,
  "with a percent sign in it": (password) => `postgres://me:100%${password}@127.0.0.1:1/db`,
  "with a bracket in it": (password) => `postgres://me:[${password}@127.0.0.1:1/db`,
  "with a wrong port": (password) => `postgres://me:${password}@127.0.0.1:port/db`,
  "without a scheme": (password) => `me:${password}@127.0.0.1:1/db`,
  "with another scheme": (password) => `mysql://me:${password}@127.0.0.1:1/db`,
  "of JDBC": (password) => `jdbc:postgresql://127.0.0.1:1/db?user=me&password=${password}`,
  "with one slash": (password) => `postgres:/me:${password}@127.0.0.1:1/db`,
  "with two hosts": (password) => `postgres://me:${password}@127.0.0.1:1,127.0.0.1:2/db`,
  "with the colon before it encoded": (password) => `postgres://me%3A${encodeURIComponent(password)}@127.0.0.1:1/db`,
  "encoded whole": (password) => `postgres://127.0.0.1:1/${encodeURIComponent(`me:${password}@h/db`)}`,
  "with an encoded question mark": (password) =>
    `postgres://127.0.0.1:1/db%3Fpassword%3D${encodeURIComponent(password)}`,
  "with a blank in its host": (password) => `postgres:///db?host=h%20password%3D${encodeURIComponent(password)}`,
  "with a blank in its port": (password) => `postgres://h/db?port=1%20password%3D${encodeURIComponent(password)}`,
  "with parameters after a semicolon": (password) =>
    `postgres://127.0.0.1:1/db;password=${encodeURIComponent(password)}`,
  "with parameters after an ampersand": (password) =>
    `postgres://127.0.0.1:1/db&password=${encodeURIComponent(password)}`,
  "with the password behind the database": (password) => `postgres://127.0.0.1:1/db:${encodeURIComponent(password)}`,
  "with a key in place of its file": (password) =>
    `postgres://me@127.0.0.1:1/db?sslmode=require&sslkey=${encodeURIComponent(password)}`,
  "the password alone": (password) => password,
};
