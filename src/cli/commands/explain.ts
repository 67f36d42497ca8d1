/** `vpcsim explain CODE`: what a drop code says, what causes it, where to look. */
import { InputError } from '../../base/issue.ts';
import { suggestion } from '../../base/nearest.ts';
import { allDrops, awsCodesOf, type DropDefinition } from '../../trace/vocabulary.ts';
import type { Command } from '../command.ts';
import { exit } from '../console.ts';

export const explainCommand: Command = {
  usage: 'explain [code]',
  describe: 'what a drop code means, what causes it, how to look at it; without a code: all of them',
  options: (argv) =>
    argv.positional('code', { type: 'string', describe: 'a code such as sg/no-ingress-rule, or AWS’s own' }),
  async run(args: { readonly code?: string }, console) {
    await import('../../world/devices.ts');
    const all = allDrops();
    if (args.code === undefined) {
      const width = Math.max(...all.map(({ code }) => code.length));
      console.out(`${all.map(({ code, means }) => `${code.padEnd(width)}  ${means}`).join('\n')}\n`);
      return exit.ok;
    }
    const code = args.code;
    const found = all.filter((drop) => drop.code === code || awsCodesOf(drop).includes(code.toUpperCase()));
    if (found.length === 0)
      throw new InputError([
        {
          severity: 'error',
          code: 'usage/unknown-code',
          message: `no drop code "${code}"`,
          hint: suggestion(
            code,
            all.map((drop) => drop.code),
          ),
        },
      ]);
    console.out(found.map(explanation).join('\n'));
    return exit.ok;
  },
};

function explanation(drop: DropDefinition): string {
  const list = (title: string, lines: readonly string[]): string =>
    lines.length === 0 ? '' : `\n${title}\n${lines.map((line) => `  - ${line}`).join('\n')}\n`;
  const codes = awsCodesOf(drop);
  const aws = codes.length > 0 ? `\nAWS Reachability Analyzer: ${codes.join(', ')}\n` : '';
  return `${drop.code}\n${drop.means}\n${aws}${list('Usual causes', drop.causes)}${list('Where to look', drop.look)}`;
}
