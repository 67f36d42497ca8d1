/** THE list of devices: one line each. Labels, icons, limits and docs derive from it. */
import { instance } from '../host/instance.ts';
import { node } from '../host/node.ts';
import { pod } from '../host/pod.ts';
import { unplacedPod } from '../host/unplaced-pod.ts';
import { alb } from '../vpc/alb.ts';
import { amazonDns } from '../vpc/amazon-dns.ts';
import { amazonTime } from '../vpc/amazon-time.ts';
import { awsManaged } from '../vpc/aws-managed.ts';
import { awsService } from '../vpc/aws-service.ts';
import { directConnect } from '../vpc/direct-connect.ts';
import { egressOnlyInternetGateway } from '../vpc/egress-only-internet-gateway.ts';
import { eksApiEndpoint } from '../vpc/eks-api-endpoint.ts';
import { eksControlPlane } from '../vpc/eks-control-plane.ts';
import { eni } from '../vpc/eni.ts';
import { gatewayEndpoint } from '../vpc/gateway-endpoint.ts';
import { instanceMetadata } from '../vpc/instance-metadata.ts';
import { interfaceEndpoint } from '../vpc/interface-endpoint.ts';
import { internet } from '../vpc/internet.ts';
import { internetGateway } from '../vpc/internet-gateway.ts';
import { natGateway } from '../vpc/nat-gateway.ts';
import { nlb } from '../vpc/nlb.ts';
import { onPremises } from '../vpc/on-premises.ts';
import { outsideHost } from '../vpc/outside-host.ts';
import { regionalNatGateway } from '../vpc/regional-nat-gateway.ts';
import { subnet } from '../vpc/subnet.ts';
import { tgwAttachment } from '../vpc/tgw-attachment.ts';
import { transitGateway } from '../vpc/transit-gateway.ts';
import { vpcPeering } from '../vpc/vpc-peering.ts';
import { vpcRouter } from '../vpc/vpc-router.ts';
import { vpnConnection } from '../vpc/vpn-connection.ts';
import { vpnGateway } from '../vpc/vpn-gateway.ts';

export const devices = [
  pod,
  unplacedPod,
  node,
  instance,
  eni,
  subnet,
  vpcRouter,
  internetGateway,
  egressOnlyInternetGateway,
  natGateway,
  regionalNatGateway,
  gatewayEndpoint,
  interfaceEndpoint,
  instanceMetadata,
  amazonDns,
  amazonTime,
  vpcPeering,
  transitGateway,
  tgwAttachment,
  vpnGateway,
  vpnConnection,
  directConnect,
  onPremises,
  alb,
  nlb,
  eksControlPlane,
  awsManaged,
  eksApiEndpoint,
  awsService,
  internet,
  outsideHost,
] as const;
