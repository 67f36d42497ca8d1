/** What AWS or someone else runs behind a network interface that an account shows: a database, a function, a file system.
 *  Nothing but the interface is known of it, so that it is taken to listen, and may send. */
import { behaviour } from '../trace/device.ts';
import { deliverTo, type ListeningPort } from '../trace/listening.ts';
import { LOCAL } from '../trace/outcome.ts';
import { type BehindInterface, sendOwn } from './own-interface.ts';

export interface AwsManaged extends BehindInterface {
  readonly kind: 'aws-managed';
}

const NONE_KNOWN: readonly ListeningPort[] = [];

export const awsManaged = behaviour<AwsManaged>({
  kind: 'aws-managed',
  label: 'interface of a service',
  icon: 'eni',
  notModelled: [
    'what is behind the interface: it is assumed to listen, and to keep its packets in the VPC that the interface is in',
  ],
  receive(self, packet, walk) {
    return walk.port === LOCAL ? sendOwn(self, walk, packet) : deliverTo(walk, packet, NONE_KNOWN);
  },
});
