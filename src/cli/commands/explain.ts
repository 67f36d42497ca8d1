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
    if (found.length > 1 || (found.length === 1 && found[0]!.code !== code)) {
      const own = `AWS's ${code.toUpperCase()} is ${found.map((drop) => drop.code).join(', ')} here.\n\n`;
      console.out(own + found.map(explanation).join('\n'));
      return exit.ok;
    }
    const { awsCodesWithoutDrop } = await import('../../analysis/aws-codes.ts');
    const foreign = awsCodesWithoutDrop.find((one) => one.code === code.toUpperCase());
    if (foreign) {
      console.out(
        `${foreign.code}\nAWS Reachability Analyzer: ${foreign.means}.\n\nNo trace has it: ${foreign.instead}.\n`,
      );
      return exit.ok;
    }
    if (found.length === 0)
      throw new InputError([
        {
          severity: 'error',
          code: 'usage/unknown-code',
          message: `no drop code "${code}"`,
          hint: suggestion(code, [
            ...all.flatMap((drop) => [drop.code, ...awsCodesOf(drop)]),
            ...awsCodesWithoutDrop.map((one) => one.code),
          ]),
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
