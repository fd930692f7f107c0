/** Loaded into Signet and its workers with --import: on SIGUSR2, collects what nobody holds and writes how much is left. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

process.on('SIGUSR2', () => {
  const folder = process.env['SOAK_FOLDER'];
  if (folder === undefined) return;
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const file = join(folder, `${process.pid}`);
  writeFileSync(`${file}.new`, String(heapUsed + arrayBuffers));
  renameSync(`${file}.new`, file);
});
