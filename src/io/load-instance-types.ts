/** A file of instance types by itself: what `aws ec2 describe-instance-types` printed. */
import type { Parsed } from '../base/issue.ts';
import type { InstanceType } from '../cni/instance-types.ts';
import { describedTypes } from './ec2/instance-types.ts';
import { Files } from './files.ts';
import { Reading } from './reading.ts';
import type { Read } from './source-file.ts';

export function loadInstanceTypes(path: string, read: Read): Parsed<readonly InstanceType[]> {
  const reading = new Reading();
  const types = describedTypes(reading, new Files(reading, read, () => []), path);
  return reading.failed
    ? { ok: false, issues: [...reading.errors(), ...reading.warnings()] }
    : { ok: true, value: types, warnings: reading.warnings() };
}
