/** An EC2 instance that is no cluster node: a bastion, a database, a middlebox. */
import { behaviour } from '../trace/device.ts';
import { receiveLinux } from './linux-host.ts';
import type { LinuxHost } from './linux-record.ts';
import { linuxLimits } from './not-modelled.ts';

export const instance = behaviour<LinuxHost>({
  kind: 'instance',
  label: 'EC2 instance',
  icon: 'instance',
  notModelled: linuxLimits,
  receive: receiveLinux,
});
