/** What is in use once the rubbish is gone. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

export function megabytes(): number {
  collect();
  return Math.round(process.memoryUsage().heapUsed / 1e6);
}
