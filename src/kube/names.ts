/** Names that controllers make up. Kubernetes draws pod suffixes at random and hashes Go's dump of the template; here
 *  both are derived from the objects, so that the same input has the same names. */
import { fnv1a } from '../api/digest.ts';

/** The alphabet without vowels and without digits that look like them (apimachinery util/rand). */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** 63 characters of a name less the 5 of the suffix (apiserver names.maxGeneratedNameLength). */
const LONGEST_PREFIX = 58;

/** Opaque stand-in for `pod-template-hash`: decimal FNV-1a, each digit re-encoded as rand.SafeEncodeString does. */
export function templateHash(template: unknown): string {
  return [...String(fnv1a(canonical(template)))]
    .map((digit) => ALPHABET[digit.charCodeAt(0) % ALPHABET.length])
    .join('');
}

/** `count` names `<owner>-<5 characters>` that are not in `taken`. */
export function generatedNames(owner: string, count: number, taken: ReadonlySet<string>): string[] {
  const prefix = `${owner}-`.slice(0, LONGEST_PREFIX);
  const seed = fnv1a(`${owner}/`);
  const names = new Set<string>();
  for (let attempt = 0; names.size < count; attempt++) {
    const name = prefix + suffix(fnv1a(String(attempt), seed));
    if (!taken.has(name)) names.add(name);
  }
  return [...names];
}

function suffix(seed: number): string {
  let text = '';
  for (let rest = seed; text.length < 5; rest = Math.floor(rest / ALPHABET.length))
    text += ALPHABET[rest % ALPHABET.length];
  return text;
}

/** JSON with sorted keys: the same template in another order of fields has the same hash. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
