// @ts-check
/** Signet's API, as any other client uses it: the KMS with a token of the project, `/_signet` with the admin token where it is asked for. */
import { askAdminToken } from './dialogs.js';
import { adminToken, project } from './session.js';

/** @typedef {import('../src/contract/openapi.ts').components['schemas']} Schemas */
/** @typedef {{ body: any, status: number, requestId: string }} Answer */
/** @typedef {{ body?: unknown, headers?: Record<string, string>, credentials?: RequestCredentials, signal?: AbortSignal }} Asked */

/** What the API says when it says no, or nothing. */
class Refused extends Error {
  /** @param {{ status: number, code: string, text: string, requestId: string, isForBrowser?: boolean }} refusal */
  constructor({ status, code, text, requestId, isForBrowser = false }) {
    super(text);
    this.isForBrowser = isForBrowser;
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

/**
 * What the browser sends of its own accord with `/_signet`: nothing, or in a sandbox, which has asked for it before it gave the pages, the
 * password of HTTP Basic.
 * @type {RequestCredentials}
 */
let credentials = 'omit';

/** The answer of one of Signet's own operations. @param {string} method @param {string} path below /_signet @param {Asked} [asked] @returns {Promise<any>} */
export async function signet(method, path, asked = {}) {
  for (;;) {
    try {
      const headers = adminToken.get() === '' ? {} : { 'X-Signet-Token': adminToken.get() };
      return (await send(method, `/_signet${path}`, { ...asked, headers, credentials })).body;
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== 'Signet.AdminTokenMissing') throw error;
      if (error.isForBrowser && credentials === 'omit') credentials = 'same-origin';
      else await askAdminToken(error.message);
    }
  }
}

/** Tokens by project. @type {Map<string, Promise<string>>} */
const tokens = new Map();

/** After the state or the clock has changed, they may be good for nothing. */
export const forgetTokens = () => tokens.clear();

/** @param {string} projectId */
async function tokenOf(projectId) {
  let token = tokens.get(projectId);
  if (token === undefined) {
    const body = { lifetime_seconds: 86_400 };
    token = signet('POST', `/projects/${encodeURIComponent(projectId)}/tokens`, { body }).then(
      (answer) => answer.token,
    );
    token.catch(() => tokens.delete(projectId));
    tokens.set(projectId, token);
  }
  return token;
}

const tokenRefusals = ['KMS.0302', 'KMS.0303', 'APIGW.0301', 'APIGW.0307'];

/**
 * An operation of the KMS by its path below `/v1.0/{project_id}/kms/`, with the method in front unless it is POST.
 * @param {string} action
 * @param {unknown} [body]
 * @returns {Promise<Answer>}
 */
export async function kms(action, body) {
  const projectId = project.get();
  const [method, path] = action.includes(' ') ? action.split(' ') : ['POST', action];
  const isKept = tokens.has(projectId);
  const attempt = async () =>
    send(method ?? '', `/v1.0/${encodeURIComponent(projectId)}/kms/${path}`, {
      body: method === 'GET' ? undefined : (body ?? {}),
      headers: { 'X-Auth-Token': await tokenOf(projectId), ...(isView(action) && { [viewHeader]: 'view' }) },
    });
  try {
    return await attempt();
  } catch (error) {
    if (!isKept || !(error instanceof Refused) || !tokenRefusals.includes(error.code)) throw error;
    forgetTokens();
    // Somebody wants to see the refusals of a fault rule: they do not mean that the token has become old.
    if (await wasFault(error.requestId)) throw error;
    return attempt();
  }
}

/** @param {string} requestId */
async function wasFault(requestId) {
  try {
    return (await signet('GET', `/journal/${requestId}`)).fault_id !== undefined;
  } catch {
    return false;
  }
}

/** @type {Promise<any> | undefined} */
let contract;

/** The OpenAPI document. @returns {Promise<any>} */
export function openContract() {
  contract ??= signet('GET', '/openapi.json');
  contract.catch(() => (contract = undefined));
  return contract;
}

/** @returns {Promise<Schemas['ProjectList']['projects']>} */
export const listProjects = async () => (await signet('GET', '/projects')).projects;

/** With the beginning of its id, and its domain, where the name alone does not tell. @param {Schemas['ProjectList']['projects'][number]} project @param {Schemas['ProjectList']['projects']} all */
export const projectName = ({ id, name, domain }, all) =>
  all.filter((other) => other.name === name).length > 1 ? `${name} · ${id.slice(0, 8)} · ${domain.name}` : name;

/** What a page reads to show it, as opposed to what its user wants done. */
const isView = (/** @type {string} */ action) => /^(?:GET |list-|describe-|get-)/.test(action);
/** On such requests, so that the journal can leave them out. */
export const viewHeader = 'X-Signet-Console';

/** @param {string} method @param {string} path @param {Asked} asked @returns {Promise<Answer>} */
async function send(method, path, { body, headers = {}, credentials = 'omit', signal }) {
  /** @type {RequestInit} */
  const init = { method, headers, cache: 'no-store', credentials };
  if (signal !== undefined) init.signal = signal;
  if (body !== undefined) {
    init.headers = { ...headers, 'Content-Type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  let requestId = '';
  try {
    const response = await fetch(path, init);
    requestId = response.headers.get('X-Request-Id') ?? '';
    const text = await response.text();
    const answer = text === '' ? undefined : JSON.parse(text);
    const isForBrowser = response.headers.has('WWW-Authenticate');
    if (!response.ok) throw new Refused({ status: response.status, ...refusalIn(answer), requestId, isForBrowser });
    return { body: answer, status: response.status, requestId };
  } catch (error) {
    if (error instanceof Refused || signal?.aborted === true) throw error;
    const text = 'No whole answer came: Signet has stopped, or a fault rule broke the connection off.';
    throw new Refused({ status: 0, code: 'No answer', text, requestId });
  }
}

/** Code and text, in whichever envelope. @param {any} answer */
function refusalIn(answer) {
  const { error_code: code, error_msg: text, code: number, message } = { ...answer, ...answer?.error };
  return { code: String(code ?? number ?? ''), text: String(text ?? message ?? 'It says no more.') };
}
