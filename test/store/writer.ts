/** A process that writes a key, says so, and then waits to be killed. */
import { openStore } from '../../src/store/sql.ts';
import { newKey } from './people.ts';

const [, , url = ''] = process.argv;
const store = await openStore({ url });
await store.keys.add(newKey('written'));
process.stdout.write('written\n');
setInterval(() => undefined, 60_000);
