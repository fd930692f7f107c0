/**
 * Every operation of the contract, asked about what is another project's: it answers as if that did not exist, changes nothing of it, and tells
 * nothing of it. What does not exist is taken from a third project that was just like it and is gone, so that both requests are the same but
 * for ids and names. That a request would do something is shown by its owner, who sends the same one first.
 */
import { describe, expect, test } from 'vitest';
import { makeBelongings, type Belongings } from './belongings.ts';
import { asSentBy, credentialsOf, operations, placesOf, requestOf, sendTo } from './requests.ts';
import type { Attempt, Came, Credential, Described, Place, Sent } from './requests.ts';
import { recipes, refusedToOwners, tellingOfExistence } from './recipes.ts';
import { asAdmin, useSandbox } from './sandboxes.ts';

const sandbox = await useSandbox({
  ...{ gatewayBackends: ['127.0.0.1'], tls: 'auto', tlsPort: 0 },
  // Other tests compare what each operation answers with the contract.
  validateResponses: false,
});
const { url } = sandbox;
let theirs = await makeBelongings(sandbox);
const mine = await makeBelongings(sandbox);
const gone = await makeBelongings(sandbox);
await gone.remove();

const asked = async (method: string, path: string, headers: Sent['headers'], body = {}) => {
  const isRead = method === 'GET';
  const sent = { method, target: `/_signet${path}`, headers, body: isRead ? undefined : JSON.stringify(body) };
  const answer = await sendTo(url, sent);
  expect(answer.status, `${path}: ${answer.body}`).toBeLessThan(300);
  return answer.body;
};
const admin = (method: string, path: string, body?: object) => asked(method, path, asAdmin, body);
await admin('PUT', '/snapshots/before');
const restore = () => admin('POST', '/snapshots/before/restore');

/** All that the other project has and sees, as text. */
async function stateOf({ projectId, token, userId, ociUserId }: Belongings): Promise<string> {
  const headers = { 'X-Auth-Token': token };
  const { entries } = JSON.parse(await asked('GET', `/journal?user_id=${userId}`, headers)) as { entries: object[] };
  return [
    await admin('POST', '/state/export', { project_id: projectId }),
    await admin('GET', `/oci/users/${ociUserId}`),
    await admin('GET', `/oci/users/${ociUserId}/keys`),
    JSON.stringify(entries),
    await asked('GET', '/apigw/requests', headers),
  ].join('\n');
}

/** Texts by the dozen that stand in a state. */
const textsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : [];
const textsOf = async (one: Belongings): Promise<string[]> => [
  ...textsIn(JSON.parse(await admin('POST', '/state/export', { project_id: one.projectId }))),
  ...Object.values(one).filter((value) => typeof value === 'string'),
];
const known = new Set(await textsOf(mine));
const secrets = (await textsOf(theirs)).filter((text) => text.length >= 6 && !known.has(text));

/** What is called by name in the one request and in the other, and what is new every time. */
const names = Object.keys(theirs).filter(
  (name) => typeof theirs[name as keyof Belongings] === 'string',
) as (keyof Belongings)[];
function withoutIds(text: string, of: Belongings): string {
  const values = names
    .map((name) => [of[name] as string, name] as const)
    .sort(([one], [other]) => other.length - one.length);
  return values
    .reduce((rest, [value, name]) => rest.replaceAll(value, `<${name}>`), text)
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-fA-F]{16,}|[A-Za-z0-9+/]{40,}=*/g, '#')
    .replaceAll(/taken_over_\d+|\d{4}-\d\d-\d\dT[\d:.]+Z?|\d{8}T\d{6}Z|\b\d{10,13}\b|-?\d+(?= ms)/g, '#');
}

interface Exchange {
  readonly sent: Sent;
  readonly came: Came;
}

async function exchange(
  operation: Described,
  place: Place,
  attempt: Attempt,
  who: Belongings,
  credential: Credential,
): Promise<Exchange> {
  const sent = asSentBy(requestOf(operation, place, attempt), who, credential, place, url);
  return { sent, came: await sendTo(url, sent) };
}

const attemptsOf = ({ id }: Described, of: Belongings, own: Belongings): readonly Attempt[] =>
  [recipes.get(id)?.(of, own) ?? []].flat();

/** The same request about what is theirs, and about what is gone. */
async function compare(operation: Described, credential: Credential, placeAt: number, at: number): Promise<void> {
  const [about, instead] = await Promise.all(
    [theirs, gone].map(async (of) => {
      // One's own requests name whom they are about: the journal would tell of the last ones.
      if (operation.door === 'project') await asked('DELETE', '/journal', { 'X-Auth-Token': mine.token });
      const place = placesOf(operation, of, mine)[placeAt]!;
      return exchange(operation, place, attemptsOf(operation, of, mine)[at]!, mine, credential);
    }),
  );
  const { sent, came } = about!;
  const what = `${operation.id} by ${credential}, place ${placeAt}, attempt ${at}: ${sent.method} ${sent.target} ${sent.body ?? ''}`;
  if (!(operation.id in tellingOfExistence))
    expect([came.status, withoutIds(came.body, theirs)], what).toEqual([
      instead!.came.status,
      withoutIds(instead!.came.body, gone),
    ]);
  expect(came.status, what).toBeLessThan(500);
  const said = JSON.stringify(sent);
  const told = secrets.filter((secret) => came.text.includes(secret) && !said.includes(secret));
  expect(told, `${what} tells ${came.text}`).toEqual([]);
}

const forAdmins = operations.filter(({ door }) => door === 'admin' || door === 'about');
const others = operations.filter((operation) => !forAdmins.includes(operation));

test('every operation that a credential of a project may reach has a recipe, and no other', () => {
  expect([...recipes.keys()].sort()).toEqual(others.map(({ id }) => id).sort());
  for (const operation of others)
    expect(attemptsOf(operation, theirs, mine), operation.id).toHaveLength(attemptsOf(operation, gone, mine).length);
});

describe.each(forAdmins)('$id', (operation) => {
  test('is for no credential of a project', async () => {
    const path = Object.fromEntries(
      ['project_id', 'fault_id', 'tenancy_id', 'user_id', 'fingerprint', 'deployment_id', 'name'].map((name) => [
        name,
        'x',
      ]),
    );
    const place = { ...path, project_id: mine.projectId };
    for (const credential of ['token', 'access key', 'OCI API key'] as const) {
      const { came } = await exchange(operation, place, {}, mine, credential);
      expect([came.status, came.body], credential).toEqual([401, expect.stringContaining('Signet.AdminTokenMissing')]);
    }
  });
});

/** What leaves the state as it is needs no going back. */
const changing =
  /[.a-z](?:create|update|delete|enable|disable|schedule|cancel|import|rotate|revoke|retire|associate|change|bind|unbind|publish|takeApi|issue|upload)/i;

describe.each(others)('$id', (operation) => {
  const attempts = attemptsOf(operation, theirs, mine);
  const places = placesOf(operation, theirs, mine);
  const changes = changing.test(operation.id);

  test('does for its owner what it is asked for', async () => {
    const allowed = refusedToOwners[operation.id] ?? [];
    const credential: Credential = operation.isOci ? 'OCI API key' : 'token';
    for (const index of attempts.keys()) {
      theirs = { ...theirs, ...(await theirs.withTraces()) };
      const place = placesOf(operation, theirs, theirs)[0]!;
      const { sent, came } = await exchange(
        operation,
        place,
        attemptsOf(operation, theirs, theirs)[index]!,
        theirs,
        credential,
      );
      const isDone = came.status < 300 || allowed.includes(came.status);
      expect(isDone, `${sent.method} ${sent.target} ${sent.body ?? ''}: ${came.status} ${came.body}`).toBe(true);
      if (changes) await restore();
    }
    theirs = { ...theirs, ...(await theirs.withTraces()) };
  });

  test('knows, shows and changes nothing of another project', async () => {
    const before = await stateOf(theirs);
    for (const credential of credentialsOf(operation))
      for (const place of places.keys())
        for (const attempt of attempts.keys()) await compare(operation, credential, place, attempt);
    expect(await stateOf(theirs)).toBe(before);
    // What succeeded was about what is mine.
    if (changes) await restore();
  });
});
