/** The suite's own test: a rule of the model is changed, the kernel's is not, and the comparison has to notice. */
import type { Path, World } from '../../index.ts';
import { differences } from './compare.ts';
import type { Asked } from './flows.ts';
import { modelTold } from './model-walk.ts';
import type { Random } from './random.ts';
import { printRestore, readRestore } from './restore-text.ts';
import type { Told } from './walk.ts';

/** A packet of which model and kernel said the same. */
export interface Agreed {
  readonly asked: Asked;
  readonly kernel: Told;
}

export interface Mutation {
  readonly node: string;
  /** "deleted -A ...". */
  readonly what: string;
  /** All rules of the node, with the change. */
  readonly rules: string;
  /** The changed rule as it was and as it is; nothing where it is gone or elsewhere. */
  readonly before: string;
  readonly after: string;
}

interface Change {
  readonly name: string;
  /** The line in its new form, or undefined where this change cannot be made of it. */
  of(line: string): string | undefined;
}

const changes: readonly Change[] = [
  {
    name: 'another mark in',
    of: (line) =>
      /--set-xmark 0x/.test(line)
        ? line.replace(
            /--set-xmark (0x[0-9a-f]+)/,
            (_, mark: string) => `--set-xmark 0x${(Number(mark) ^ 0x200000).toString(16)}`,
          )
        : undefined,
  },
  {
    name: 'another mask in',
    of: (line) => {
      const changed = line
        .replace(/--(nfmask|ctmask) (0x[0-9a-f]+)/, '--$1 0x400000')
        .replace(/(--set-xmark 0x[0-9a-f]+\/)0x[0-9a-f]+/, '$10x0');
      return changed === line ? undefined : changed;
    },
  },
  {
    name: 'another address in',
    of: (line) => {
      const changed = line.replace(/ -([sd]) \d+\.\d+\.\d+\.\d+\/\d+/, ' -$1 192.0.2.253/32');
      return changed === line || /! -[sd] /.test(line) ? undefined : changed;
    },
  },
  {
    name: 'another target in',
    of: (line) => {
      const target = / -j (ACCEPT|DROP|RETURN|REJECT.*|MARK .*|LOG .*|NFLOG .*)$/.exec(line);
      if (!target) return undefined;
      const other = target[1] === 'ACCEPT' ? 'RETURN' : 'ACCEPT';
      return `${line.slice(0, target.index)} -j ${other}`;
    },
  },
];

/** A change of a rule that held for one of the packets, so that a walk must change. */
export function mutate(
  dumps: ReadonlyMap<string, string>,
  agreed: readonly Agreed[],
  random: Random,
): Mutation | undefined {
  for (let attempt = 0; attempt < 100; attempt++) {
    const { kernel } = random.of(agreed);
    const [key, walk] = random.of([...kernel.walks]);
    const node = / node\/(.*)$/.exec(key)?.[1];
    const dump = node === undefined ? undefined : dumps.get(node);
    if (node === undefined || dump === undefined) continue;
    const held = walk.map(({ text }) => text.trim()).filter((text) => text.startsWith('-A '));
    if (held.length === 0) continue;
    const at = random.below(held.length);
    const made = changed(dump, held[at]!, held[at + 1], random);
    if (made) return { node, ...made };
  }
  return undefined;
}

function changed(
  dump: string,
  line: string,
  next: string | undefined,
  random: Random,
): Omit<Mutation, 'node'> | undefined {
  const tables = readRestore(dump);
  for (const chains of tables.values())
    for (const { rules } of chains.values()) {
      const place = rules.indexOf(line);
      if (place < 0 || rules.lastIndexOf(line) !== place) continue;
      const kind = random.below(changes.length + 2);
      if (kind === 0) {
        rules.splice(place, 1);
        return { what: `deleted ${line}`, rules: printRestore(tables), before: line, after: '' };
      }
      if (kind === 1) {
        // Both held, one right after the other: in the other order the walk is another.
        if (next === undefined || rules[place + 1] !== next) return undefined;
        rules.splice(place, 2, next, line);
        return {
          what: `swapped ${line} with ${next}`,
          rules: printRestore(tables),
          before: line,
          after: line,
        };
      }
      const { name, of } = changes[kind - 2]!;
      const other = of(line);
      if (other === undefined) return undefined;
      rules[place] = other;
      return { what: `${name} ${line}`, rules: printRestore(tables), before: line, after: other };
    }
  return undefined;
}

/** How the changed model differs from the kernel: not at all, by the text of the changed rule alone, or by more. */
export function judgeMutation(
  { before, after }: Mutation,
  world: World,
  agreed: readonly Agreed[],
  predict: (world: World, asked: Asked) => readonly Path[] | string,
): 'not found' | 'by its text' | 'by its effect' {
  let found: 'not found' | 'by its text' | 'by its effect' = 'not found';
  for (const { asked, kernel } of agreed) {
    const paths = predict(world, asked);
    if (typeof paths === 'string') return 'by its effect';
    const told = paths.map(modelTold);
    if (told.some((one) => differences(one, kernel).length === 0)) continue;
    if (told.every((one) => differences(withText(one, after, before), kernel).length > 0))
      return 'by its effect';
    found = 'by its text';
  }
  return found;
}

/** The walk with the changed rule's text as it was. */
function withText(told: Told, after: string, before: string): Told {
  if (after === '' || after === before) return told;
  return {
    ...told,
    walks: new Map(
      [...told.walks].map(([key, lines]) => [
        key,
        lines.map((line) => (line.text === `  ${after}` ? { ...line, text: `  ${before}` } : line)),
      ]),
    ),
  };
}
