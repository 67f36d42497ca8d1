/** Simple signs of our own for the kinds of devices, drawn in a square of 16. */

const glyphs: Readonly<Record<string, string>> = {
  // A hexagon: a pod.
  pod: 'M8 1.5 13.6 4.75V11.25L8 14.5 2.4 11.25V4.75Z M8 5.5V8.5M8 8.5 5.4 10M8 8.5 10.6 10',
  // A chip: a kernel.
  node: 'M4 4H12V12H4Z M6.5 4V1.8M9.5 4V1.8M6.5 14.2V12M9.5 14.2V12M4 6.5H1.8M4 9.5H1.8M14.2 6.5H12M14.2 9.5H12',
  instance:
    'M4 4H12V12H4Z M6.5 4V1.8M9.5 4V1.8M6.5 14.2V12M9.5 14.2V12M4 6.5H1.8M4 9.5H1.8M14.2 6.5H12M14.2 9.5H12',
  // A plug: an interface.
  eni: 'M3 5H13V11H3Z M5.5 11V14M8 11V14M10.5 11V14M8 5V2',
  // A gate: the edge of a subnet.
  subnet: 'M3 14V3M13 14V3M3 5.5H13M3 9H6.5M9.5 9H13M3 12.5H6.5M9.5 12.5H13',
  // Four ways: a router.
  'vpc-router':
    'M8 1.5V14.5M1.5 8H14.5M8 1.5 6 3.5M8 1.5 10 3.5M8 14.5 6 12.5M8 14.5 10 12.5M1.5 8 3.5 6M1.5 8 3.5 10M14.5 8 12.5 6M14.5 8 12.5 10',
  // A globe: the internet.
  internet:
    'M8 1.5A6.5 6.5 0 1 1 8 14.5A6.5 6.5 0 1 1 8 1.5Z M1.5 8H14.5M8 1.5C4.5 5 4.5 11 8 14.5M8 1.5C11.5 5 11.5 11 8 14.5',
  // An arch with both directions: a gateway to the internet.
  'internet-gateway': 'M2 14V8A6 6 0 0 1 14 8V14M5 10H11M11 10 9.5 8.5M5 13H11M5 13 6.5 11.5',
  // Two into one: address translation.
  'nat-gateway': 'M2 3.5H6L10 8H14M2 12.5H6L10 8M14 8 12 6M14 8 12 10',
  // A door in a wall: a way to a service without the internet.
  'gateway-endpoint': 'M2 14V2H14V14M5.5 14V6H10.5V14M8.8 10H9',
  'interface-endpoint': 'M2 14V2H14V14M5.5 14V6H10.5V14M8.8 10H9',
  // A tag: what an instance says of itself.
  'instance-metadata': 'M2 8 8 2H14V8L8 14Z M11.3 4.6H11.5',
  // A book: names and addresses.
  'amazon-dns': 'M3 2.5H11A2 2 0 0 1 13 4.5V13.5H5A2 2 0 0 1 3 11.5Z M5.5 6H10.5M5.5 9H10.5',
  // A clock.
  'amazon-time': 'M8 1.5A6.5 6.5 0 1 1 8 14.5A6.5 6.5 0 1 1 8 1.5Z M8 4.5V8L10.5 9.5',
  // A cloud: a service of AWS.
  'aws-service': 'M4.5 12.5A3 3 0 0 1 4.5 6.5A4 4 0 0 1 12 6A3.2 3.2 0 0 1 11.8 12.5Z',
  // One into three: a load balancer.
  alb: 'M2 8H6M6 8 12.5 3M6 8H13.5M6 8 12.5 13M12.5 3H10M12.5 3V5.5M12.5 13H10M12.5 13V10.5',
  nlb: 'M2 8H6M6 8 12.5 3M6 8H13.5M6 8 12.5 13M12.5 3H10M12.5 3V5.5M12.5 13H10M12.5 13V10.5',
  // A hub: a transit gateway; its spokes' ends are attachments.
  'transit-gateway':
    'M8 5.5A2.5 2.5 0 1 1 8 10.5A2.5 2.5 0 1 1 8 5.5Z M8 5.5V1.5M8 10.5V14.5M5.5 8H1.5M10.5 8H14.5M6.2 6.2 3.4 3.4M9.8 9.8 12.6 12.6M9.8 6.2 12.6 3.4M6.2 9.8 3.4 12.6',
  'tgw-attachment': 'M1.5 8H6M10 8H14.5M6 5H10V11H6Z',
  // Two that touch: peers.
  'vpc-peering': 'M1.5 5H7V11H1.5Z M9 5H14.5V11H9Z M7 8H9',
  // An arch with a lock in it: a gateway to tunnels.
  'vpn-gateway': 'M2 14V8A6 6 0 0 1 14 8V14M6 9.5H10V13H6Z M6.8 9.5V8.2A1.2 1.2 0 0 1 9.2 8.2V9.5',
  // A tunnel, and a cable.
  'vpn-connection': 'M1.5 5.5H14.5M1.5 10.5H14.5M1.5 8H3.5M6 8H10M12.5 8H14.5',
  'direct-connect': 'M1.5 8H14.5M4 5.5V10.5M12 5.5V10.5',
  // A house with windows: a network on premises.
  'on-premises': 'M2.5 14V5L8 1.5 13.5 5V14Z M5.5 7H7M9 7H10.5M5.5 10H7M9 10H10.5M7 14V12H9V14',
  // A screen: a host outside.
  host: 'M2 3H14V11H2Z M5.5 14H10.5M8 11V14',
};

/** Anything else: a plain box with a dot. */
const other = 'M3 3H13V13H3Z M8 7.5V8.5';

export function glyphOf(kind: string): string {
  return glyphs[kind] ?? other;
}
