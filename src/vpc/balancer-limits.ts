/** Settings of a load balancer that are not modelled: every path through it names them. */
import type { DeviceRecord } from '../trace/device.ts';
import { note } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';

interface Balancing extends DeviceRecord {
  readonly balancer: { readonly name: string; readonly notModelled: readonly string[] };
}

const setting = note<Balancing>({
  name: 'load balancer setting',
  nature: 'limit',
  word: ({ self, a }) => `${self.balancer.name}: ${self.balancer.notModelled[a]}`,
});

export function remarkLimits({ balancer }: Balancing, walk: Walk): void {
  for (let i = 0; i < balancer.notModelled.length; i++) walk.remark(setting, i);
}
