/** Clients that change keys, each its own, and know what every acknowledged change has made of them. */
import { verify } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { KeyEntry, StateFile } from '../../src/emulator/states/snapshot-format.ts';
import { project } from '../support/identity.ts';
import type { Chance } from './chance.ts';
import { client, type Answer, type Client } from './client.ts';
import { changes, created, drawChange, faultsOf, keptOf, keysIn, type Kept, type Row } from './kept-keys.ts';

/** A key as its writer knows it. */
interface Held {
  kept: Kept;
  /** Where a change was sent and not answered: what it would make of the key. */
  asked?: Kept | undefined;
  /** As it was given when the key was made, or when it was seen first. */
  publicKey?: string;
  ciphertext?: string;
  touched: boolean;
}

export interface Tally {
  keys: number;
  acknowledged: number;
  /** Sent, and not answered: found done, and found not done. */
  done: number;
  undone: number;
}

export interface Writers {
  /** All write at once until `isOver`, or until they get no answer. @param heard told of every answer */
  readonly write: (url: string, isOver: () => boolean, heard: () => void) => Promise<void>;
  /** What is wrong with what an export shows, with signatures and with ciphertexts; empty where all is well. @param all or what was touched */
  readonly check: (url: string, all?: boolean) => Promise<readonly string[]>;
  readonly tally: Readonly<Tally>;
}

const message = Buffer.from('what is signed').toString('base64');
const signing = { message, signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW' };
/** A change goes to one of the newest, so that something happens to them; to any other now and then. */
const newest = 8;
/** A program that has just started needs a moment for each kind of request that it gets first, so that it does not get all of them. */
const kindsAtOnce = 3;

interface Plan {
  readonly kinds: readonly Row[];
  /** Whether a new key is asked for its public half, or encrypts, at once. */
  readonly uses: boolean;
}

interface Writer {
  readonly keys: Map<string, Held>;
  /** The key that was asked for, where no answer has come. */
  readonly making: Kept[];
}

/** The connection is gone, or there is nobody to connect to. */
export const isHangUp = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(String(error.code));

/** @param count of clients */
export function makeWriters(count: number, { below, oneOf }: Chance): Writers {
  const writers = Array.from({ length: count }, (): Writer => ({ keys: new Map(), making: [] }));
  const tally: Tally = { keys: 0, acknowledged: 0, done: 0, undone: 0 };
  const unexpected: string[] = [];
  let names = 0;

  /** False where what came of it is not known. */
  function took({ status, text }: Answer, what: string): boolean {
    // The database is away: it may have done it.
    if (status === 502) return false;
    if (status >= 300) unexpected.push(`${what}: ${status} ${text}`);
    return status < 300;
  }

  async function make({ keys, making }: Writer, { post }: Client, { uses }: Plan): Promise<boolean> {
    const kept = created(`name-${++names}`, oneOf(['EC_P256', 'EC_P256', 'AES_256']));
    making.push(kept);
    const key_usage = kept.spec === 'EC_P256' ? 'SIGN_VERIFY' : 'ENCRYPT_DECRYPT';
    const answer = await post('create-key', {
      ...{ key_alias: kept.name, key_spec: kept.spec, key_usage, key_description: kept.description },
    });
    if (!took(answer, 'create-key')) return false;
    making.pop();
    tally.acknowledged++;
    const { key_info } = JSON.parse(answer.text) as { key_info: { key_id: string } };
    const key_id = key_info.key_id;
    const held: Held = { kept, touched: true };
    keys.set(key_id, held);
    tally.keys++;
    if (!uses) return true;
    const [path, body] = kept.spec === 'EC_P256' ? ['get-publickey', {}] : ['encrypt-data', { plain_text: 'kept' }];
    const used = await post(path, { key_id, ...body });
    if (!took(used, path)) return false;
    const { public_key, cipher_text } = JSON.parse(used.text) as { public_key?: string; cipher_text?: string };
    if (public_key !== undefined) held.publicKey = public_key;
    if (cipher_text !== undefined) held.ciphertext = cipher_text;
    return true;
  }

  async function change(writer: Writer, asking: Client, plan: Plan): Promise<boolean> {
    const ids = [...writer.keys.keys()];
    if (ids.length === 0 || below(5) === 0) return make(writer, asking, plan);
    const id = oneOf(below(10) === 0 ? ids : ids.slice(-newest));
    const held = writer.keys.get(id)!;
    const drawn = drawChange({ below, oneOf }, plan.kinds, held.kept, id, `name-${++names}`);
    if (drawn === undefined) return make(writer, asking, plan);
    const { method, path, body, after } = drawn;
    held.touched = true;
    held.asked = after;
    if (!took(await asking.send(method, path, body), `${method} ${path}`)) return false;
    held.kept = after;
    held.asked = undefined;
    tally.acknowledged++;
    return true;
  }

  async function writeAs(writer: Writer, asking: Client, plan: Plan, isOver: () => boolean, heard: () => void) {
    try {
      while (!isOver() && (await change(writer, asking, plan))) heard();
    } catch (error) {
      // Killed meanwhile; what it was about is in `making` and `asked`.
      if (!isHangUp(error)) throw error;
    } finally {
      asking.close();
    }
  }

  /** What is found of this writer's keys, and what was not known is known. */
  function compare({ keys, making }: Writer, found: Map<string, KeyEntry>): string[] {
    const wrong: string[] = [];
    for (const [id, held] of keys) {
      const entry = found.get(id);
      found.delete(id);
      if (entry === undefined) {
        wrong.push(`key ${id} is lost`);
        continue;
      }
      const kept = keptOf(entry);
      if (held.asked !== undefined && isDeepStrictEqual(kept, held.asked)) {
        held.kept = held.asked;
        tally.done++;
      } else if (!isDeepStrictEqual(kept, held.kept)) {
        wrong.push(`key ${id} is ${JSON.stringify(kept)} and not ${JSON.stringify(held.kept)}`);
      } else if (held.asked !== undefined) tally.undone++;
      held.asked = undefined;
      if (entry.public_key_pem !== undefined && entry.public_key_pem !== (held.publicKey ??= entry.public_key_pem))
        wrong.push(`key ${id} has another public key`);
    }
    for (const kept of making.splice(0)) {
      const entry = [...found.values()].find(({ name }) => name === kept.name);
      if (entry === undefined) {
        tally.undone++;
        continue;
      }
      tally.done++;
      tally.keys++;
      found.delete(entry.id);
      keys.set(entry.id, { kept, touched: true, ...(entry.public_key_pem && { publicKey: entry.public_key_pem }) });
      if (!isDeepStrictEqual(keptOf(entry), kept)) wrong.push(`the new key ${entry.id} is not as asked for`);
    }
    return wrong;
  }

  async function use({ post }: Client, key_id: string, { kept, publicKey, ciphertext }: Held): Promise<string[]> {
    const answer =
      publicKey !== undefined
        ? await post('sign', { key_id, ...signing })
        : await post('decrypt-data', { cipher_text: ciphertext });
    const refusal = { enabled: '', disabled: 'KMS.0209', 'pending-deletion': 'KMS.0210' }[kept.state];
    if (answer.code !== refusal) return [`key ${key_id}, ${kept.state}: ${answer.status} ${answer.text}`];
    if (refusal !== '') return [];
    const { signature = '', plain_text } = JSON.parse(answer.text) as { signature?: string; plain_text?: string };
    const isRight =
      publicKey === undefined
        ? plain_text === 'kept'
        : verify('sha256', Buffer.from(message, 'base64'), publicKey, Buffer.from(signature, 'base64'));
    return isRight ? [] : [`key ${key_id} is not what it was: ${answer.text}`];
  }

  return {
    tally,
    write: async (url, isOver, heard) => {
      const plan = { kinds: Array.from({ length: kindsAtOnce }, () => oneOf(changes)), uses: below(2) === 0 };
      await Promise.all(writers.map((writer) => writeAs(writer, client(url), plan, isOver, heard)));
    },
    check: async (url, all = false) => {
      const asking = client(url);
      try {
        const { state } = await asking.ask<{ state: StateFile }>('/_signet/state/export', {});
        const found = new Map(keysIn(state, project.id));
        const wrong = [...unexpected.splice(0), ...[...found.values()].flatMap(faultsOf)];
        wrong.push(...writers.flatMap((writer) => compare(writer, found)));
        wrong.push(...[...found.keys()].map((id) => `nobody made key ${id}`));
        for (const { keys } of writers) {
          for (const [id, held] of keys) {
            const isUsable = held.publicKey !== undefined || held.ciphertext !== undefined;
            if ((held.touched || all) && isUsable) wrong.push(...(await use(asking, id, held)));
            held.touched = false;
          }
        }
        return wrong;
      } finally {
        asking.close();
      }
    },
  };
}
