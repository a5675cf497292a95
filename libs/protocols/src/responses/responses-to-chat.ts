import type { Translate } from '../translation.js';
import { answeredList, answeredObject } from '../shared/answer-fields.js';
import { checkRequestDepth } from '../shared/json-depth.js';
import { responseEcho } from './answer/response-echo.js';
import { ResponseWriter } from './answer/response-writer.js';
import { chatRequest } from './request/chat-request.js';

/**
 * Serves a call to OpenAI's Responses API by a provider of chat completions.
 *
 * Ids and states of earlier items, log probabilities and annotations of earlier texts are what a provider remarked, and no
 * part of the conversation: they may stand in `input` and go no further. The answer says `store: false`, since nobody
 * keeps it under its id.
 *
 * @throws UnsupportedParameter that names the first field without counterpart, as in `input[2].content[0].type`;
 *   InvalidRequest for one of a wrong type. What it returns throws ProviderInvalidAnswer for what is no chat completion.
 */
export const responsesToChat: Translate = (body, options) => {
  checkRequestDepth(body);
  const request = chatRequest(body, options.model);
  const writer = (): ResponseWriter => new ResponseWriter(responseEcho(body, options), options);
  return {
    request,
    answer: (answered) => {
      const [choice] = answeredList(answered['choices'], 'choices');
      answeredObject(answeredObject(choice, 'choices[0]')['message'], 'choices[0].message');
      return writer().answer(answered);
    },
    stream: writer,
  };
};
