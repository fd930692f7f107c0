/** The whole state: back to the beginning, out to a file and in from one, and kept under names. */
import { importPrivateKey } from '../../crypto/key-import.ts';
import { refusalOf, ServiceError } from '../../errors.ts';
import { contentsOf, DuplicateName, noKeys, type Contents, type DocumentInfo, type Store } from '../../store/store.ts';
import { realTime } from '../clock/clock.ts';
import { emulatorRefusals as refusals } from '../errors.ts';
import { SeedError } from '../seeds/seed-mistakes.ts';
import type { Beginning } from './beginning.ts';
import type { Gate } from './gate.ts';
import { checkedForm } from './snapshot-form.ts';
import { snapshotVersion, type SnapshotFile, type StateFile } from './snapshot-format.ts';
import { SnapshotMistake } from './snapshot-mistakes.ts';
import { asItIs, type ImportMaterial } from './snapshot-materials.ts';
import { readContents } from './snapshot-reading.ts';
import { openState, sealState } from './snapshot-sealing.ts';
import { readClock, readFaults, writeClock, writeFaults } from './snapshot-surroundings.ts';
import { writeOci } from './snapshot-oci-writing.ts';
import { present } from './snapshot-values.ts';
import { writeDomains } from './snapshot-writing.ts';
import type { NewSurroundings, Surroundings } from './surroundings.ts';

export interface StatesOptions {
  readonly store: Store;
  readonly surroundings: Surroundings;
  readonly gate: Gate;
  /** Rejects with a SeedError where the seed cannot be read (any more). */
  readonly beginning: () => Promise<Beginning>;
  /** What is to be said against a state before it comes in; undefined where nothing is. */
  readonly objectionTo: (contents: Contents) => Promise<string | undefined>;
}

const kind = 'snapshot';

export class States {
  readonly #options: StatesOptions;

  /** What works on the state in several steps passes it. */
  get gate(): Gate {
    return this.#options.gate;
  }

  constructor(options: StatesOptions) {
    this.#options = options;
  }

  /** @throws ServiceError where there is no such project */
  async reset(to: 'seed' | 'identity', projectId: string | undefined, signal: AbortSignal): Promise<void> {
    const { faults, lasting, ...beginning } = await this.#beginning();
    const contents = to === 'seed' ? beginning.contents : { ...beginning.contents, ...noKeys };
    await this.#options.gate.alone(async () => {
      if (projectId !== undefined) return this.#resetProject(contents, projectId);
      await this.#replaceAll(contents, { clock: realTime, faults, lasting });
    }, signal);
  }

  /** @throws ServiceError where there is no such project */
  async export(projectId: string | undefined, passphrase: string | undefined): Promise<SnapshotFile> {
    const state = await this.#options.gate.pass(() => this.#write(projectId));
    if (passphrase === undefined) return { signet_snapshot: snapshotVersion, state: { ...state } };
    const sealed = await sealState(JSON.stringify(state), passphrase, snapshotVersion);
    return { signet_snapshot: snapshotVersion, sealed };
  }

  /** All of it, or nothing. @throws ServiceError for a file that cannot be taken in, or not with this passphrase */
  async import(file: SnapshotFile, passphrase: string | undefined, signal: AbortSignal): Promise<void> {
    await this.#replace(await openedState(file, passphrase), importPrivateKey, signal);
  }

  snapshots(): Promise<readonly DocumentInfo[]> {
    return this.#options.store.documents.list(kind);
  }

  /** In the place of an earlier one of this name. */
  async take(name: string): Promise<DocumentInfo> {
    const { store, surroundings } = this.#options;
    const file = await this.export(undefined, undefined);
    const content = Buffer.from(`${JSON.stringify(file, null, 2)}\n`);
    const document = { kind, name, createdAt: surroundings.clock.now() };
    await store.documents.put({ ...document, content });
    return { ...document, size: content.length };
  }

  /** @throws ServiceError where there is none of this name */
  async forget(name: string): Promise<void> {
    if (!(await this.#options.store.documents.remove(kind, name))) throw new ServiceError(refusals.noSuchSnapshot);
  }

  /** @throws ServiceError where there is none of this name */
  async restore(name: string, signal: AbortSignal): Promise<void> {
    const document = await this.#options.store.documents.get(kind, name);
    if (document === undefined) throw new ServiceError(refusals.noSuchSnapshot);
    const file = JSON.parse(Buffer.from(document.content).toString()) as SnapshotFile;
    await this.#replace(await openedState(file, undefined), asItIs, signal);
  }

  async #replace(state: unknown, importMaterial: ImportMaterial, signal: AbortSignal): Promise<void> {
    const { store, surroundings, gate, objectionTo } = this.#options;
    const file = await checkedForm(state);
    const contents = await readContents(file, importMaterial, signal);
    const objection = await objectionTo(contents);
    if (objection !== undefined) throw new SnapshotMistake([], objection);
    const faults = readFaults(file, surroundings.faults);
    const clock = readClock(file, surroundings.clock.real());
    await gate.alone(async () => {
      const { project_id: projectId } = file;
      await refuseDuplicates(
        projectId === undefined
          ? this.#replaceAll(contents, { clock, faults })
          : store.contents.replaceProject(contents, projectId),
      );
    }, signal);
  }

  async #replaceAll(contents: Contents, rest: Omit<NewSurroundings, 'region'>): Promise<void> {
    const { region } = contents;
    await this.#options.surroundings.replace({ region, ...rest }, async (inner) => {
      await inner.contents.replace(contents);
      return true;
    });
  }

  async #write(projectId: string | undefined): Promise<StateFile> {
    const { store, surroundings } = this.#options;
    const { clock, faults } = surroundings;
    const isWhole = projectId === undefined;
    // Nobody changes one of them between a look at the one and at the other.
    const contents = await store.transaction(async (inner) => {
      if (isWhole) await surroundings.take(inner);
      return inner.contents.read(projectId);
    });
    if (!isWhole && contents.projects.length === 0) throw new ServiceError(refusals.noSuchProject);
    return present<StateFile>({
      project_id: projectId ?? null,
      region: contents.region,
      clock: isWhole ? writeClock(clock) : null,
      faults: isWhole ? writeFaults(faults) : null,
      domains: writeDomains(contents),
      oci: writeOci(contents),
    });
  }

  /** What the seed says of it; of a project that the seed does not know, its identity alone. */
  #resetProject(beginning: Contents, projectId: string): Promise<void> {
    return this.#options.store.transaction(async ({ contents: here }) => {
      const seeded = contentsOf(beginning, projectId);
      if (seeded.projects.length > 0) {
        return refuseDuplicates(here.replaceProject(seeded, projectId), (words) =>
          refusalOf(refusals.seedUnusable, words),
        );
      }
      const current = await here.read(projectId);
      if (current.projects.length === 0) throw new ServiceError(refusals.noSuchProject);
      // Its own token does not expire; those that were issued for it do.
      const tokens = current.tokens.filter(({ expiresAt }) => expiresAt === null);
      await here.replaceProject({ ...current, ...noKeys, tokens }, projectId);
    });
  }

  async #beginning(): Promise<Beginning> {
    const { beginning, objectionTo } = this.#options;
    try {
      const found = await beginning();
      const objection = await objectionTo(found.contents);
      if (objection !== undefined) throw refusalOf(refusals.seedUnusable, objection);
      return found;
    } catch (error) {
      throw error instanceof SeedError ? refusalOf(refusals.seedUnusable, error.message) : error;
    }
  }
}

/** @throws ServiceError for a file of another version, or one that this passphrase does not open */
async function openedState({ signet_snapshot: version, state, sealed }: SnapshotFile, passphrase: string | undefined) {
  if (version !== snapshotVersion) {
    throw new SnapshotMistake(['signet_snapshot'], `this Signet reads version ${snapshotVersion}, and no other`);
  }
  if ((state === undefined) === (sealed === undefined)) throw new SnapshotMistake([], 'it must have state, or sealed');
  if (sealed === undefined) return state;
  const json = await openState(sealed, passphrase, version);
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw new SnapshotMistake(['sealed', 'data'], 'what is sealed is not JSON');
  }
}

async function refuseDuplicates(
  work: Promise<void>,
  refuse = (words: string): ServiceError => new SnapshotMistake([], words),
): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw error instanceof DuplicateName ? refuse(error.message) : error;
  }
}
