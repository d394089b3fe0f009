"""The fixed words of a certificate, in the languages it is issued in."""

import datetime as dt
from dataclasses import dataclass

from babel.dates import format_date


@dataclass(frozen=True)
class Words:
    """One language's words. `locale` writes its dates; `hours` takes the figure as `{hours}`, `criteria` the `{course}`."""

    locale: str
    heading: str
    presented: str
    completed: str
    one_hour: str
    hours: str
    taught_by: str
    date: str
    number: str
    verify: str
    criteria: str
    joiner: str = ", "
    direction: str = "ltr"

    def day(self, day: dt.date) -> str:
        """`day` written out, such as 14 March 2026."""
        return format_date(day, "long", locale=self.locale)

    def course_length(self, hours: int) -> str:
        """The workload in words, such as 24 hours."""
        return self.one_hour if hours == 1 else self.hours.format(hours=hours)


WORDS = {
    "en": Words(
        locale="en_GB",
        heading="Certificate of Completion",
        presented="This is to certify that",
        completed="has successfully completed the course",
        one_hour="1 hour",
        hours="{hours} hours",
        taught_by="Taught by",
        date="Completed on",
        number="Certificate number",
        verify="Scan or visit to verify",
        criteria=(
            "Complete the required lessons, quizzes and assignments of the course “{course}”, "
            "or show its instructors the same in another way."
        ),
    ),
    "ar": Words(
        locale="ar",
        direction="rtl",
        heading="شهادة إتمام",
        presented="يشهد هذا المستند بأن",
        completed="قد أتمّ بنجاح دورة",
        one_hour="ساعة واحدة",
        hours="عدد الساعات: {hours}",
        taught_by="بإشراف",
        joiner="، ",
        date="تاريخ الإتمام",
        number="رقم الشهادة",
        verify="للتحقق امسح الرمز أو زر الرابط",
        criteria=(
            "إتمام الدروس والاختبارات والواجبات المطلوبة في دورة «{course}»، "
            "أو إثبات ذلك للمدرّسين بطريقة أخرى."
        ),
    ),
    "de": Words(
        locale="de",
        heading="Abschlusszertifikat",
        presented="Hiermit wird bescheinigt:",
        completed="hat erfolgreich den Kurs abgeschlossen",
        one_hour="1 Stunde",
        hours="{hours} Stunden",
        taught_by="Unterrichtet von",
        date="Abgeschlossen am",
        number="Zertifikatsnummer",
        verify="Zum Prüfen scannen oder aufrufen",
        criteria=(
            "Die vorgeschriebenen Lektionen, Tests und Aufgaben des Kurses „{course}“ abschließen "
            "oder den Lehrenden dasselbe auf andere Weise zeigen."
        ),
    ),
    "es": Words(
        locale="es",
        heading="Certificado de finalización",
        presented="Por la presente se certifica que",
        completed="ha completado con éxito el curso",
        one_hour="1 hora",
        hours="{hours} horas",
        taught_by="Impartido por",
        date="Completado el",
        number="Número de certificado",
        verify="Escanee o visite para verificar",
        criteria=(
            "Completar las lecciones, los cuestionarios y las tareas obligatorias del curso «{course}», "
            "o demostrar lo mismo a sus docentes de otra manera."
        ),
    ),
    "fr": Words(
        locale="fr",
        heading="Certificat de réussite",
        presented="Le présent document certifie que",
        completed="a suivi avec succès le cours",
        one_hour="1 heure",
        hours="{hours} heures",
        taught_by="Enseigné par",
        date="Terminé le",
        number="Numéro du certificat",
        verify="Scannez ou visitez pour vérifier",
        criteria=(
            "Terminer les leçons, les quiz et les devoirs obligatoires du cours « {course} », "
            "ou montrer la même chose à ses enseignants d’une autre manière."
        ),
    ),
    "it": Words(
        locale="it",
        heading="Certificato di completamento",
        presented="Si certifica che",
        completed="ha completato con successo il corso",
        one_hour="1 ora",
        hours="{hours} ore",
        taught_by="Tenuto da",
        date="Completato il",
        number="Numero del certificato",
        verify="Scansiona o visita per verificare",
        criteria=(
            "Completare le lezioni, i quiz e i compiti richiesti del corso «{course}», "
            "o dimostrare lo stesso ai docenti in un altro modo."
        ),
    ),
    "nl": Words(
        locale="nl",
        heading="Certificaat van voltooiing",
        presented="Hierbij wordt verklaard dat",
        completed="met succes de cursus heeft afgerond",
        one_hour="1 uur",
        hours="{hours} uur",
        taught_by="Gegeven door",
        date="Afgerond op",
        number="Certificaatnummer",
        verify="Scan of bezoek om te controleren",
        criteria=(
            "De verplichte lessen, toetsen en opdrachten van de cursus “{course}” afronden, "
            "of hetzelfde op een andere manier aan de docenten tonen."
        ),
    ),
    "pt": Words(
        locale="pt",
        heading="Certificado de conclusão",
        presented="Certifica-se que",
        completed="concluiu com êxito o curso",
        one_hour="1 hora",
        hours="{hours} horas",
        taught_by="Ministrado por",
        date="Concluído em",
        number="Número do certificado",
        verify="Digitalize ou visite para verificar",
        criteria=(
            "Concluir as lições, os questionários e as tarefas obrigatórias do curso “{course}”, "
            "ou demonstrar o mesmo aos docentes de outra forma."
        ),
    ),
    "zh": Words(
        locale="zh_Hans",
        heading="结业证书",
        presented="兹证明",
        completed="已顺利完成以下课程",
        one_hour="1 学时",
        hours="{hours} 学时",
        taught_by="授课",
        joiner="、",
        date="完成日期",
        number="证书编号",
        verify="扫码或访问以验证",
        criteria="完成课程“{course}”的必修课时、测验和作业，或以其他方式向授课教师证明具备同等水平。",
    ),
}
