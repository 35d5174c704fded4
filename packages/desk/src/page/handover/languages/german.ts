import type { CustomerTexts } from './CustomerTexts.ts'

export const GERMAN: CustomerTexts = {
  name: 'Deutsch',
  locale: 'de',
  direction: 'ltr',
  hello: 'Guten Tag,',
  messages: {
    done: 'Ihr Anliegen wurde bearbeitet. Bitte schreiben Sie uns, wenn das Ergebnis nicht Ihren Erwartungen entspricht.',
    'done-unseen':
      'Ihr Anliegen wurde bearbeitet, auch wenn Ihr Bildschirm etwas anderes angezeigt hat. Bitte wiederholen Sie es nicht.',
    working: 'Der Vorgang läuft noch. Bitte warten Sie und wiederholen Sie ihn nicht.',
    'working-unseen':
      'Der Vorgang läuft noch, auch wenn Ihr Bildschirm etwas anderes angezeigt hat. Bitte warten Sie und wiederholen Sie ihn nicht.',
    'try-again': 'Etwas hat nicht geklappt. Sie können es jetzt noch einmal versuchen.',
    'other-card': 'Ihre Karte wurde nicht angenommen. Sie können es mit einer anderen Karte noch einmal versuchen.',
    correct: 'Eine der Angaben konnte nicht angenommen werden. Bitte prüfen Sie sie und versuchen Sie es noch einmal.',
    'sign-in': 'Sie waren nicht angemeldet. Bitte melden Sie sich an und versuchen Sie es noch einmal.',
    refused:
      'Das war nicht möglich, und ein weiterer Versuch würde genauso enden. Bitte schreiben Sie uns, wenn Sie weiterhin Hilfe brauchen.',
    'put-right':
      'Auf unserer Seite wurde etwas nicht fertig, und wir müssen es in Ordnung bringen. Sie müssen nichts tun.',
    'by-hand':
      'Der Vorgang wurde nicht von selbst fertig, und wir müssen ihn von Hand abschließen. Sie müssen nichts tun; bitte wiederholen Sie ihn nicht.',
    'finding-out':
      'Wir klären gerade, was geschehen ist, und schreiben Ihnen dann. Bitte versuchen Sie es bis dahin nicht noch einmal.',
    'dealt-with':
      'Wir haben uns darum gekümmert. Bitte schreiben Sie uns, wenn etwas nicht so ist, wie Sie es erwarten.',
    processed:
      'Unsere Systeme haben hier erledigt, was zu tun war. Bitte schreiben Sie uns, wenn etwas nicht so ist, wie Sie es erwarten.',
  },
  reference: 'Ihre Referenz ist {reference} ({when}). Bitte nennen Sie sie, wenn Sie uns dazu schreiben.',
}
