/** A cluster node: the host namespace, where kube-proxy and the VPC CNI write their rules. */
import { behaviour } from '../trace/device.ts';
import { receiveLinux } from './linux-host.ts';
import type { LinuxHost } from './linux-record.ts';
import { linuxLimits } from './not-modelled.ts';

export const node = behaviour<LinuxHost>({
  kind: 'node',
  label: 'node',
  icon: 'node',
  notModelled: linuxLimits,
  receive: receiveLinux,
});
