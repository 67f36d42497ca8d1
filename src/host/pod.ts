/** A pod: a network namespace with one veth to its node (VPC CNI: address/32, gateway 169.254.1.1). */
import { behaviour } from '../trace/device.ts';
import { receiveLinux } from './linux-host.ts';
import type { LinuxHost } from './linux-record.ts';
import { linuxLimits } from './not-modelled.ts';

export const pod = behaviour<LinuxHost>({
  kind: 'pod',
  label: 'pod',
  icon: 'pod',
  notModelled: linuxLimits,
  receive: receiveLinux,
});
