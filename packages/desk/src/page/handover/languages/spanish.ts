import type { CustomerTexts } from './CustomerTexts.ts'

export const SPANISH: CustomerTexts = {
  name: 'Español',
  locale: 'es',
  direction: 'ltr',
  hello: 'Hola:',
  messages: {
    done: 'Su solicitud se ha tramitado. Por favor, escríbanos si el resultado no es el que esperaba.',
    'done-unseen': 'Su solicitud se ha tramitado, aunque su pantalla indicara lo contrario. Por favor, no la repita.',
    working: 'La operación sigue en curso. Por favor, espere y no la repita.',
    'working-unseen':
      'La operación sigue en curso, aunque su pantalla indicara lo contrario. Por favor, espere y no la repita.',
    'try-again': 'Algo no ha funcionado. Ya puede intentarlo de nuevo.',
    'other-card': 'Su tarjeta no ha sido aceptada. Puede intentarlo de nuevo con otra tarjeta.',
    correct: 'Uno de los datos introducidos no se ha podido aceptar. Por favor, revíselo e inténtelo de nuevo.',
    'sign-in': 'No había iniciado sesión. Por favor, inicie sesión e inténtelo de nuevo.',
    refused:
      'Esto no ha sido posible, y otro intento terminaría igual. Por favor, escríbanos si todavía necesita ayuda.',
    'put-right':
      'Algo no ha terminado por nuestra parte y nos corresponde a nosotros arreglarlo. Usted no tiene que hacer nada.',
    'by-hand':
      'La operación no ha terminado por sí sola y tenemos que completarla a mano. Usted no tiene que hacer nada; por favor, no la repita.',
    'finding-out':
      'Estamos averiguando qué ha ocurrido y le escribiremos. Por favor, no lo intente de nuevo hasta entonces.',
    'dealt-with': 'Nos hemos ocupado de ello. Por favor, escríbanos si algo no es como espera.',
    processed:
      'Nuestros sistemas han terminado lo que tenían que hacer aquí. Por favor, escríbanos si algo no es como espera.',
  },
  reference: 'Su referencia es {reference} ({when}). Por favor, indíquela si nos escribe sobre esto.',
}
