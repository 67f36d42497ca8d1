/** Amazon Time Sync Service at 169.254.169.123: NTP for instances ("Set the time reference on your EC2 instance", Amazon
 *  EC2 guide). */
import { UDP } from '../packet/protocol.ts';
import { behaviour, type DeviceRecord } from '../trace/device.ts';
import { LOCAL } from '../trace/outcome.ts';
import { admitTo, answerByInterface } from './built-in-services.ts';

export interface AmazonTime extends DeviceRecord {
  readonly kind: 'amazon-time';
}

const NTP_PORT = 123;
const protocols = [UDP];

export const amazonTime = behaviour<AmazonTime>({
  kind: 'amazon-time',
  label: 'Amazon Time Sync',
  icon: 'amazon-time',
  notModelled: ['the PTP hardware clock, and the service over IPv6'],
  receive(_self, packet, walk) {
    if (walk.port === LOCAL) return answerByInterface(packet, walk);
    return admitTo(NTP_PORT, protocols, packet, walk) || walk.deliver();
  },
});
