import type { CustomerTexts } from './CustomerTexts.ts'

export const FRENCH: CustomerTexts = {
  name: 'Français',
  locale: 'fr',
  direction: 'ltr',
  hello: 'Bonjour,',
  messages: {
    done: 'Votre demande a été traitée. Merci de nous écrire si le résultat n’est pas celui que vous attendiez.',
    'done-unseen':
      'Votre demande a été traitée, même si votre écran indiquait le contraire. Merci de ne pas la refaire.',
    working: 'L’opération est encore en cours. Merci de patienter et de ne pas la refaire.',
    'working-unseen':
      'L’opération est encore en cours, même si votre écran indiquait le contraire. Merci de patienter et de ne pas la refaire.',
    'try-again': 'Un problème est survenu. Vous pouvez réessayer maintenant.',
    'other-card': 'Votre carte n’a pas été acceptée. Vous pouvez réessayer avec une autre carte.',
    correct: 'Une des informations saisies n’a pas pu être acceptée. Merci de la vérifier et de réessayer.',
    'sign-in': 'Vous n’étiez pas connecté. Merci de vous connecter et de réessayer.',
    refused:
      'Cela n’a pas été possible, et un nouvel essai donnerait le même résultat. Merci de nous écrire si vous avez encore besoin d’aide.',
    'put-right':
      'Quelque chose n’a pas abouti de notre côté, et c’est à nous de le corriger. Vous n’avez rien à faire.',
    'by-hand':
      'L’opération ne s’est pas terminée d’elle-même, et nous devons l’achever à la main. Vous n’avez rien à faire ; merci de ne pas la refaire.',
    'finding-out': 'Nous cherchons ce qui s’est passé et nous vous écrirons. Merci de ne pas réessayer d’ici là.',
    'dealt-with': 'Nous nous en sommes occupés. Merci de nous écrire si quelque chose n’est pas comme prévu.',
    processed:
      'Nos systèmes ont terminé ce qu’ils avaient à faire ici. Merci de nous écrire si quelque chose n’est pas comme prévu.',
  },
  reference: 'Votre référence est {reference} ({when}). Merci de l’indiquer si vous nous écrivez à ce sujet.',
}
