import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Answer } from './http.ts';

interface VendorRow {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const table = JSON.parse(
  readFileSync(new URL('../vectors/kms-error-codes.json', import.meta.url), 'utf8'),
) as readonly VendorRow[];

const vendorRefusals: ReadonlyMap<string, VendorRow> = new Map(table.map((row) => [row.code, row]));

/** Where the table is not followed: 401, as the pages of sign, verify and get-publickey list it. */
const assumedStatus: Readonly<Record<string, number>> = { 'KMS.0301': 401 };

/** Where it prints another text than real clients have seen: spec 13.1. */
const observedText: Readonly<Record<string, string>> = { 'KMS.2901': 'The rotation state of key is not disabled.' };

/** The gateway's refusals, which stand in no table of the KMS. */
export const gatewayTexts = {
  noSuchApi: [404, 'APIGW.0101', 'The API does not exist or has not been published in the environment'],
  badRequest: [400, 'APIGW.0201', 'API request error'],
  bodyTooLarge: [413, 'APIGW.0201', 'Request entity too large'],
  uriTooLong: [414, 'APIGW.0201', 'Request URI too large'],
  headersTooLarge: [494, 'APIGW.0201', 'Request headers too large'],
  requestTimeout: [408, 'APIGW.0201', 'Request timeout'],
  throttled: [429, 'APIGW.0308', 'The throttling threshold has been reached'],
  unknownAccessKey: [401, 'APIGW.0301', 'Incorrect IAM authentication information: ak NOBODY not exist'],
  tokenMissing: [401, 'APIGW.0301', 'Incorrect IAM authentication information: x-auth-token not found'],
  tokenInvalid: [401, 'APIGW.0301', 'Incorrect IAM authentication information: decrypt token fail'],
  tokenExpired: [401, 'APIGW.0307', 'The token must be updated'],
} as const satisfies Record<string, readonly [status: number, code: string, text: string]>;

export type GatewayRefusal = keyof typeof gatewayTexts;

const requestId = /^[0-9a-f]{32}$/;

/** Every answer has them, whatever it says. */
export function expectAnswerHeaders({ headers }: Pick<Answer, 'headers'>): void {
  expect(headers['x-request-id']).toMatch(requestId);
  expect(headers['x-powered-by']).toBeUndefined();
}

/** The refusal of the KMS with this code: status and text as the vendor's table has them, nested, and nothing else. */
export function expectKmsRefusal(answer: Answer, code: string): void {
  const row = vendorRefusals.get(code);
  expect(row, `${code} in the vendor's table`).toBeDefined();
  expect(answer.body).toStrictEqual({ error: { error_code: code, error_msg: observedText[code] ?? row?.message } });
  expectJson(answer, assumedStatus[code] ?? row?.status);
}

/** A refusal of the gateway in front of the services: flat, with the request's id. */
export function expectGatewayRefusal(answer: Answer, refusal: GatewayRefusal): void {
  const [status, code, text] = gatewayTexts[refusal];
  const id = answer.headers['x-request-id'];
  expect(answer.body).toStrictEqual({ error_msg: text, error_code: code, request_id: id });
  expectJson(answer, status);
}

/** A refusal of IAM, in Keystone's envelope. */
export function expectIamRefusal(answer: Answer, status: number, title: string, message: string): void {
  expect(answer.body).toStrictEqual({ error: { message, code: status, title } });
  expectJson(answer, status);
}

function expectJson(answer: Answer, status: number | undefined): void {
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toMatch(/^application\/json(;|$)/);
  expectAnswerHeaders(answer);
}
