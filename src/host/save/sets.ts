/** Sets as `ipset save` prints them; `ipset restore` takes the same. */
import type { IpSetSource } from '../rules.ts';

export function setsText(sets: readonly IpSetSource[]): string {
  // A list of sets names others, which have to be there.
  const ordered = [...sets].sort((a, b) => Number(a.type === 'list:set') - Number(b.type === 'list:set'));
  return ordered
    .flatMap(({ name, type, family, options, members }) => [
      `create ${[name, type, options ?? familyOption(type, family)].filter((word) => word !== '').join(' ')}`,
      ...members.map((member) => `add ${name} ${member}`),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

/** Bitmaps and lists have no family. */
const familyOption = (type: string, family: IpSetSource['family']): string =>
  type.startsWith('hash:') ? `family ${family === 'IPv6' ? 'inet6' : 'inet'}` : '';
