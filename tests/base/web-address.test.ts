import { expect, test } from "vitest";
import { readWebAddress } from "../../lib/base";

const of = (address: string) => readWebAddress("ROOT_URL", { ROOT_URL: address });

test.each([
  ["https://host.example", "https://host.example"],
  [" http://127.0.0.1:8080/ ", "http://127.0.0.1:8080/"],
  ['"http://[::1]:80/path"', "http://[::1]:80/path"],
  ["", undefined],
  ["  ", undefined],
])("%j is the address %j", (given, address) => {
  expect(of(given)).toBe(address);
});

test.each([
  "host.example",
  "ftp://host.example",
  "http://",
  "http:/host",
  "http://host:99999",
  "http://me:geheim@host",
  "http://host/?key=geheim",
  "http://host/#geheim",
  "http://ho st/",
  "http://host\\@geheim/",
  "http://host/\u0007",
  "javascript:alert(1)",
])("%j is none, and is not repeated", (given) => {
  expect(() => of(given)).toThrow(expect.objectContaining({ code: "ADDRESS_INVALID" }));
  expect(() => of(given)).toThrow(
    /^ROOT_URL is not of the form https:\/\/host or https:\/\/host:port\/path \(its value is not/,
  );
  expect(() => of(given)).not.toThrow(/geheim/);
});
