/** Interface endpoint: a network interface in the VPC with an address of its subnet and security groups of its own, behind
 *  which a service answers, there by AWS PrivateLink. To everything else it is an address of the VPC: peers, transit
 *  gateways and VPNs reach it as well ("Access an AWS service using an interface VPC endpoint", AWS PrivateLink guide). */
import { protocolName, TCP } from '../packet/protocol.ts';
import { behaviour } from '../trace/device.ts';
import { originate, tooBig } from '../trace/mtu.ts';
import { LOCAL } from '../trace/outcome.ts';
import { drop } from '../trace/vocabulary.ts';
import { answerAsService } from './aws-service.ts';
import { notAvailable, startsFlow } from './gateway-endpoint.ts';
import { INTERFACE_ENDPOINT_MTU } from './mtu.ts';
import { type BehindInterface, send } from './own-interface.ts';
import { nameOf } from './records.ts';

export interface InterfaceEndpoint extends BehindInterface {
  readonly kind: 'interface-endpoint';
  readonly service: string;
  readonly state: string;
  /** Whether the service is offered in the zone of this interface. */
  readonly offered: boolean;
  /** TCP ports that the service answers on. */
  readonly ports: readonly number[];
}

export const interfaceEndpoint = behaviour<InterfaceEndpoint>({
  kind: 'interface-endpoint',
  label: 'interface endpoint',
  icon: 'interface-endpoint',
  notModelled: [
    'endpoint policies, authentication and IAM policies',
    'endpoint services of others: which ports they listen on, and what stands behind',
    'Gateway Load Balancer endpoints, resource endpoints and endpoints for IPv6',
  ],
  receive(self, packet, walk) {
    if (walk.port === LOCAL) {
      if (!walk.reply) {
        const end = walk.deny(startsFlow);
        if (end) return end;
      }
      return originate(walk, packet, INTERFACE_ENDPOINT_MTU) || send(self, walk, packet.dst);
    }
    if (packet.size > INTERFACE_ENDPOINT_MTU) {
      const end = tooBig(walk, packet, INTERFACE_ENDPOINT_MTU);
      if (end) return end;
    }
    if (self.state !== 'available') {
      const end = walk.deny(notAvailable);
      if (end) return end;
    }
    if (!self.offered) {
      const end = walk.deny(notInZone);
      if (end) return end;
    }
    if (packet.protocol !== TCP) {
      const end = walk.deny(tcpOnly);
      return end || walk.deliver();
    }
    return answerAsService(self.ports, packet, walk);
  },
});

export const notInZone = drop<InterfaceEndpoint>({
  code: 'vpce/not-in-zone',
  means: 'The endpoint service is not offered in this availability zone.',
  aws: 'VPCE_SERVICE_NOT_INSTALLED_IN_AZ',
  causes: ['the service behind the endpoint has no load balancer node in the zone of this interface'],
  look: [
    'aws ec2 describe-vpc-endpoint-services --service-names <service> --query "ServiceDetails[].AvailabilityZones"',
  ],
  word: ({ self }) => ({
    stage: 'VPC endpoint',
    because: `${self.service} is not offered in ${self.az}`,
    fix: `put the endpoint into a subnet of a zone that has the service, or have the service offered in ${self.az}`,
    origin: self.origin,
  }),
});

export const tcpOnly = drop<InterfaceEndpoint>({
  code: 'vpce/tcp-only',
  means: 'An interface endpoint of an AWS service takes TCP only: it answers no ping.',
  aws: 'PROTOCOL_RESTRICTION',
  causes: ['an echo request to see whether the endpoint is there'],
  look: ['curl -v https://<name of the service>/'],
  word: ({ self, before }) => ({
    stage: 'VPC endpoint',
    because: `${nameOf(self)} takes TCP, not ${protocolName(before.protocol)}`,
    fix: `use tcp/${self.ports[0]}`,
    origin: self.origin,
  }),
});
