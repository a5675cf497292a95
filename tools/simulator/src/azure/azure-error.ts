/** An error as Azure OpenAI answers it: `{"error": {code, message}}`. */
export class AzureError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'AzureError';
  }
}

export function accessDenied(): AzureError {
  return new AzureError(
    401,
    '401',
    'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
  );
}

/** What Azure says where `api-version` is missing as well as where there is no such address. */
export function resourceNotFound(): AzureError {
  return new AzureError(404, '404', 'Resource not found');
}

export function deploymentNotFound(): AzureError {
  return new AzureError(
    404,
    'DeploymentNotFound',
    'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.',
  );
}
