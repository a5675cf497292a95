// Asks the gateway of this container whether it can serve calls; exits with 0 or 1.
import { request as http } from 'node:http';
import { request as https } from 'node:https';

const { PORT = '4000', PARSIMONY_TLS_CERT: certificate } = process.env;
const options = {
  host: '127.0.0.1',
  port: PORT,
  path: '/readyz',
  timeout: 4_000,
  // It asks itself: the certificate is of a public name, not of the loopback address.
  rejectUnauthorized: false,
};

(certificate ? https : http)(options, (response) => process.exit(response.statusCode === 200 ? 0 : 1))
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1))
  .end();
