/** What the signature keys of a seed file mean. */
import { signatureAlgorithms, signatureKeyName, signatureRule, signatureWords } from '../../crypto/signature-keys.ts';
import type { SignatureKey } from '../../store/store.ts';
import type { SignatureKeyEntry } from './seed-gateway-format.ts';
import type { Path, Proofreader } from './seed-mistakes.ts';

export function readSignatureKey(
  entry: SignatureKeyEntry,
  path: Path,
  proofreader: Proofreader,
): Pick<SignatureKey, 'type' | 'algorithm' | 'key' | 'secret'> {
  const { name, sign_type: type = 'hmac', sign_algorithm: algorithm = '', sign_key, sign_secret } = entry;
  if (!signatureKeyName.test(name)) {
    const words = 'must be 3 to 64 letters, Chinese ones too, digits and underscores, a letter first';
    proofreader.complain([...path, 'name'], words);
  }
  const rule = signatureRule(type, algorithm);
  if (rule === undefined) {
    const words = type === 'aes' ? `aes takes one of ${signatureAlgorithms.join(', ')}` : `${type} takes none`;
    proofreader.complain([...path, 'sign_algorithm'], words);
    return { type, algorithm, key: '', secret: '' };
  }
  if (sign_key !== undefined && !rule.key.test(sign_key))
    proofreader.complain([...path, 'sign_key'], `of the type ${type} it is ${signatureWords[type].key}`);
  if (sign_secret !== undefined && !rule.secret.test(sign_secret))
    proofreader.complain([...path, 'sign_secret'], `of the type ${type} it is ${signatureWords[type].secret}`);
  const { key, secret } = rule.generate();
  return { type, algorithm, key: sign_key ?? key, secret: sign_secret ?? secret };
}
