/** A connection between a gateway of AWS and an on-premises network: up, it passes packets on; down, nothing. */
import type { Packet } from '../packet/packet.ts';
import type { DeviceRecord } from '../trace/device.ts';
import { type Outcome, PASSED } from '../trace/outcome.ts';
import { drop, step } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import { bringUp } from './changes.ts';
import { CONNECTION_FROM_AWS, NETWORK_FROM_CONNECTION } from './ports.ts';
import { nameOf } from './records.ts';

export interface Connection extends DeviceRecord {
  readonly up: boolean;
  /** Index of the virtual private gateway or of the transit gateway's attachment, and its port for what comes from here. */
  readonly gateway: number;
  readonly gatewayPort: number;
  /** Index of the on-premises network. */
  readonly network: number;
}

export function passOn(self: Connection, _packet: Packet, walk: Walk): Outcome {
  if (!self.up) {
    const end = walk.deny(down, self.gateway);
    if (end) return end;
  }
  const toNetwork = walk.port === CONNECTION_FROM_AWS;
  walk.step(passes, PASSED, toNetwork ? self.network : self.gateway);
  return toNetwork
    ? walk.forward(self.network, NETWORK_FROM_CONNECTION)
    : walk.forward(self.gateway, self.gatewayPort);
}

const stage = 'connection';

const passes = step<Connection>('connection', ({ self, a, device }) => ({
  stage,
  because: `up, to ${nameOf(device(a))}`,
  origin: self.origin,
}));

export const down = drop<Connection>({
  code: 'connection/down',
  means: 'The VPN or Direct Connect connection is down: none of its tunnels or BGP sessions is up.',
  aws: ['BAD_STATE_VPN', 'TGW_BAD_STATE_VPN'],
  causes: [
    'both tunnels are down: keys, IKE settings or the address of the customer gateway do not fit',
    'the customer gateway does not start tunnels by itself, and no traffic keeps them up',
  ],
  look: [
    'aws ec2 describe-vpn-connections --query "VpnConnections[].VgwTelemetry"',
    'aws directconnect describe-virtual-interfaces',
  ],
  word: ({ self, a, device }) => ({
    stage,
    because: `${nameOf(self)} is down`,
    fix: `bring up a tunnel of ${nameOf(self)}`,
    change: bringUp('connection', self.id),
    aws: device(a).kind === 'tgw-attachment' ? 'TGW_BAD_STATE_VPN' : 'BAD_STATE_VPN',
    origin: self.origin,
  }),
});
