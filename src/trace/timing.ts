/** How long an application waits before it gives up, and who says so. One dated table (DESIGN: facts that several
 *  parts share). */

/** Linux TCP connect to a port that drops SYNs: tcp_syn_retries 6. Before kernel 6.5 127 s; since then, with
 *  tcp_syn_linear_timeouts 4, 131 to 133 s (measured 133.3 s on 6.18, November 2026). */
export const CONNECT_TIMEOUT =
  'connect timeout after SYN retries: 127 s before kernel 6.5, 131 to 133 s since';

/** An ALB waits this long for a target's handshake, then answers 504 ("Application Load Balancers", troubleshooting). */
export const ALB_CONNECT_TIMEOUT_SECONDS = 10;
