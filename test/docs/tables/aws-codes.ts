/** AWS's explanation codes that no drop code carries, and why. */
import { awsCodesWithoutDrop } from '../../../src/analysis/aws-codes.ts';
import { prose, table } from './table.ts';

export function awsCodes(): string {
  const rows = awsCodesWithoutDrop.map(({ code, means, instead }) => [
    `\`${code}\``,
    prose(means),
    prose(instead),
  ]);
  return table(['AWS code', 'What it says', 'Why no trace has it'], rows);
}
