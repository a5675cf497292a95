import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { fail, ok, reasonOf, warn, type Finding } from '../finding.js';
import type { Patient } from '../patient.js';

const CHECK = 'exposure';
const DAY_MS = 86_400_000;
const RENEW_DAYS = 14;

/** Settings that work and let somebody read along. */
export async function checkExposure({ environment }: Patient): Promise<readonly Finding[]> {
  const { HOST: host, PARSIMONY_TLS_CERT: certificate, PARSIMONY_TLS_KEY: key, DATABASE_URL: database } = environment;
  const findings: Finding[] = [];
  if (!isLoopback(host) && certificate === undefined) {
    findings.push(
      warn(
        CHECK,
        `HOST ${host} is open to the network without TLS: keys and prompts can be read on the way`,
        'set PARSIMONY_TLS_CERT and PARSIMONY_TLS_KEY, or let a balancer in front end TLS and firewall this port',
      ),
    );
  }
  if (certificate !== undefined && key !== undefined) findings.push(await checkCertificate(certificate, key));
  if (
    database !== undefined &&
    !isLoopback(new URL(database).hostname) &&
    !/[?&]sslmode=(require|verify)/.test(database)
  ) {
    findings.push(
      warn(
        CHECK,
        'DATABASE_URL goes over the network without TLS',
        'add ?sslmode=verify-full, where the way is not private',
      ),
    );
  }
  for (const name of ['OPENAI_BASE_URL', 'ANTHROPIC_BASE_URL', 'GEMINI_BASE_URL', 'MISTRAL_BASE_URL'] as const) {
    const url = environment[name];
    if (url?.startsWith('http://') && !isLoopback(new URL(url).hostname)) {
      findings.push(
        warn(CHECK, `${name} sends keys and prompts without TLS`, 'use https, where the way is not private'),
      );
    }
  }
  return findings.length > 0 ? findings : [ok(CHECK, 'nothing goes over a network in the clear')];
}

async function checkCertificate(certificatePath: string, keyPath: string): Promise<Finding> {
  try {
    const certificate = new X509Certificate(await readFile(certificatePath));
    if (!certificate.checkPrivateKey(createPrivateKey(await readFile(keyPath)))) {
      return fail('TLS', 'the key does not belong to the certificate', 'set the pair that was issued together');
    }
    const days = Math.floor((certificate.validToDate.getTime() - Date.now()) / DAY_MS);
    const message = `the certificate is good until ${certificate.validToDate.toISOString().slice(0, 10)}`;
    if (days < 0) return fail('TLS', `${message}: it has expired`, 'renew it, and restart the gateway');
    return days < RENEW_DAYS ? warn('TLS', message, 'renew it') : ok('TLS', message);
  } catch (error) {
    return fail('TLS', `certificate or key cannot be used: ${reasonOf(error)}`, 'set files in PEM that we may read');
  }
}

function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}
