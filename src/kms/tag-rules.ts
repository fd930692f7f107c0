/** What tags may be. Source: https://docs.otc.t-systems.com/key-management-service/api-ref/apis/key_management_service/cmk_management/adding_a_cmk_tag.html */
import { ServiceError } from '../errors.ts';
import { kmsRefusals as refusals } from './errors.ts';

/** Tags on a key, and tags in a request. */
export const TAGS = 20;

/** Unicode characters. */
const LONGEST_KEY = 36;
const LONGEST_VALUE = 43;

/** @throws ServiceError KMS.0406 or KMS.0411 */
export function assertTagKey(key: string): void {
  if (hasForbidden(key)) throw new ServiceError(refusals.invalidTagKey);
  if (key === '' || charactersOf(key) > LONGEST_KEY) throw new ServiceError(refusals.tagKeyLength);
}

/** @throws ServiceError KMS.0405 or KMS.0410 */
export function assertTagValue(value: string): void {
  if (hasForbidden(value)) throw new ServiceError(refusals.invalidTagValue);
  if (charactersOf(value) > LONGEST_VALUE) throw new ServiceError(refusals.tagValueLength);
}

/** @throws ServiceError KMS.0407 for a key that is there twice, or more tags than a key may have */
export function assertTagList(tags: readonly { readonly key: string }[]): void {
  const keys = new Set(tags.map(({ key }) => key));
  if (tags.length > TAGS || keys.size < tags.length) throw new ServiceError(refusals.tagListSize);
}

/** ASCII 0-31 and `* < > \ =`; and half of a surrogate pair, which is no character. */
const hasForbidden = (text: string): boolean =>
  !text.isWellFormed() || Array.from(text).some((character) => character < ' ' || '*<>\\='.includes(character));

const charactersOf = (text: string): number => Array.from(text).length;
