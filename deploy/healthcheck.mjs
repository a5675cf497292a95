// Asks what runs in this container, gateway or budgets service, whether it can serve; exits with 0 or 1.
import { readFileSync } from 'node:fs';
import { request as http } from 'node:http';
import { request as https } from 'node:https';

const { PORT = '4000', PARSIMONY_BUDGETS_PORT = '4001', PARSIMONY_TLS_CERT: certificate } = process.env;
// Process 1 is the service itself, or an init that names it among its arguments.
const isBudgets = readFileSync('/proc/1/cmdline', 'latin1').includes('apps/budgets/');
const options = {
  host: '127.0.0.1',
  port: isBudgets ? PARSIMONY_BUDGETS_PORT : PORT,
  path: '/readyz',
  timeout: 4_000,
  // It asks itself: the certificate is of a public name, not of the loopback address.
  rejectUnauthorized: false,
};

(certificate && !isBudgets ? https : http)(options, (response) => process.exit(response.statusCode === 200 ? 0 : 1))
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1))
  .end();
