import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { OciAnswer } from './oci-signer.ts';

interface VendorRow {
  readonly status: number;
  readonly code: string;
  /** Where somebody has seen it. */
  readonly message?: string;
}

const table = JSON.parse(
  readFileSync(new URL('../vectors/oci-error-codes.json', import.meta.url), 'utf8'),
) as readonly VendorRow[];

const opcRequestId = /^[\w.~:+=/-]{1,128}\/[0-9A-F]{32}\/[0-9A-F]{32}$/;

/** Every answer has them. */
export function expectOciHeaders({ headers }: Pick<OciAnswer, 'headers'>): void {
  const id = headers['opc-request-id'];
  expect(id).toMatch(opcRequestId);
  expect(String(id).split('/').at(-2)?.toLowerCase()).toBe(headers['x-request-id']);
}

/** A refusal with a code and status of the vendor's table, in its envelope and with nothing else. */
export function expectOciRefusal(answer: OciAnswer, status: number, code: string, message?: RegExp): void {
  const rows = table.filter((row) => row.status === status && row.code === code);
  expect(rows, `${status} ${code} in the vendor's table`).not.toEqual([]);
  expect([answer.status, answer.json]).toEqual([status, { code, message: expect.any(String) as string }]);
  expect(answer.headers['content-type']).toMatch(/^application\/json(;|$)/);
  const text = (answer.json as { message: string }).message;
  expect(text).not.toMatch(/%\(|undefined|\[object/);
  if (message !== undefined) expect(text).toMatch(message);
  const seen = rows.flatMap((row) => row.message ?? []);
  if (message === undefined && seen.length > 0) expect(seen).toContain(text);
  expectOciHeaders(answer);
}
