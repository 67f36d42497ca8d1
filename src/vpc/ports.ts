/** Ports of the devices of this folder: by which side a packet comes, as the receiver numbers it. */

/** A network interface: from its host, from the network, from a built-in service of the VPC. */
export const ENI_FROM_HOST = 0;
export const ENI_FROM_NETWORK = 1;
export const ENI_FROM_BUILT_IN = 2;

/** A subnet: from an interface; from the router; from the router, sent there by this same subnet; the reply of a target
 *  to the load balancer node whose address is the next hop; from the router, on its way to the attachment whose index is
 *  the next hop, which has a foot in this subnet; and from such an attachment. */
export const SUBNET_LEAVING = 0;
export const SUBNET_ENTERING = 1;
export const SUBNET_HAIRPIN = 2;
export const SUBNET_TO_BALANCER = 3;
export const SUBNET_TO_ATTACHMENT = 4;
export const SUBNET_FROM_ATTACHMENT = 5;

/** The VPC router: any other port is the number of the route table to ask; by this one comes what a gateway without an
 *  edge table sends: it is delivered inside the VPC or not at all. */
export const NO_TABLE = -2;

/** A gateway, or an attachment of one: from the VPC. From the internet it is FROM_INTERNET. */
export const GATEWAY_FROM_VPC = 0;

/** A transit gateway's attachment: from its gateway; plus the number of the zone the packet came from, zero for none.
 *  From what is attached, it is GATEWAY_FROM_VPC. The gateway gets that number as its port. */
export const ATTACHMENT_FROM_GATEWAY = 1;

/** A virtual private gateway: from a connection. */
export const GATEWAY_FROM_CONNECTION = 1;

/** A VPN or Direct Connect connection: from its gateway at AWS, from the on-premises network. */
export const CONNECTION_FROM_AWS = 0;
export const CONNECTION_FROM_NETWORK = 1;

/** An on-premises network: from a connection, from a host in it. A host in it: from the network. */
export const NETWORK_FROM_CONNECTION = 0;
export const NETWORK_FROM_HOST = 1;
export const HOST_FROM_NETWORK = 0;

/** The internet: from a gateway, from a host outside. */
export const INTERNET_FROM_GATEWAY = 0;
export const INTERNET_FROM_OUTSIDE = 1;

/** Whatever owns a public address: from the internet. */
export const FROM_INTERNET = 1;

/** A service of AWS: from a gateway endpoint. From the internet it is FROM_INTERNET. */
export const SERVICE_FROM_ENDPOINT = 0;

/** A gateway endpoint: from the service. From the VPC it is GATEWAY_FROM_VPC. */
export const ENDPOINT_FROM_SERVICE = 1;
