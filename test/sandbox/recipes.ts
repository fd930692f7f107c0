/** How each operation is asked about what is another project's: in the path, the query, the body, a ciphertext, a filter. */
import type { OperationId } from '../../src/contract/operations.ts';
import type { Belongings } from './belongings.ts';
import type { Attempt } from './requests.ts';
import { gatewayRecipes } from './recipes-of-gateways.ts';
import { kmsRecipes } from './recipes-of-kms.ts';
import { otherRecipes } from './recipes-of-others.ts';

/**
 * @param of whose things it is about
 * @param own the caller's
 */
export type Recipe = (of: Belongings, own: Belongings) => Attempt | readonly Attempt[];

/** The operations whose door is for the admin alone need none: nobody's credential gets through it. */
export type Recipes<Id extends OperationId> = Readonly<Record<Id, Recipe>>;

export const recipes: ReadonlyMap<string, Recipe> = new Map(
  Object.entries({ ...kmsRecipes, ...gatewayRecipes, ...otherRecipes }),
);

/** Those that tell whether something exists, and why that is no secret. */
export const tellingOfExistence: Readonly<Record<string, string>> = {
  'emulator.explain': 'that an access key exists, the vendor says of every request that is signed wrongly with it',
};

/** What the owner of all this gets for the same requests, where that is no success. */
export const refusedToOwners: Readonly<Record<string, readonly number[]>> = {
  // There is a key store only where somebody has paid for hardware.
  'kms.createKeystore': [400, 403],
  // No agency is the project's own.
  'credentials.issueTemporaryAccessKey': [201, 403],
};
