import type { CustomerTexts } from './CustomerTexts.ts'

export const ENGLISH: CustomerTexts = {
  name: 'English',
  locale: 'en-GB',
  direction: 'ltr',
  hello: 'Hello,',
  messages: {
    done: 'What you asked for has been processed. Please write to us if the result is not what you expect.',
    'done-unseen':
      'What you asked for has been processed, although your screen said otherwise. Please do not do it a second time.',
    working: 'This is still being worked on. Please wait, and do not do it a second time.',
    'working-unseen':
      'This is still being worked on, although your screen said otherwise. Please wait, and do not do it a second time.',
    'try-again': 'Something went wrong. You can try again now.',
    'other-card': 'Your card was not accepted. You can try again with another card.',
    correct: 'Something that was entered could not be accepted. Please check it and try again.',
    'sign-in': 'You were not signed in. Please sign in and try again.',
    refused:
      'This could not be done, and trying again would end the same way. Please write to us if you still need help with it.',
    'put-right': 'Something on our side did not finish, and it is for us to put right. You do not need to do anything.',
    'by-hand':
      'This did not finish by itself, and we have to complete it by hand. You do not need to do anything; please do not do it a second time.',
    'finding-out': 'We are finding out what happened and will write to you. Please do not try again until then.',
    'dealt-with': 'We have taken care of this. Please write to us if anything is not as you expect.',
    processed: 'Our systems finished what they had to do here. Please write to us if anything is not as you expect.',
  },
  reference: 'Your reference is {reference} ({when}). Please quote it if you write to us about this.',
}
