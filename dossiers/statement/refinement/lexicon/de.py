"""German, as owners speak and write of their boats. Words are case-folded, so ß is ss."""

import re
from typing import Final

from dossiers.statement.reasons import KeptReason
from dossiers.statement.refinement.lexicon.base import Lexicon, facts_of, groups, plurals_of, words
from dossiers.statement.refinement.lexicon.numbers import german_number

_FACTS: Final = {
    KeptReason.NEGATION: """
        nicht; kein keine keinen keinem keiner keines; nie niemals; nichts; niemand niemanden niemandem; ohne;
        weder noch; kaum
        """,
    KeptReason.DOUBT: """
        glaube denke meine glaubte dachte; vermute schätze;
        vielleicht möglicherweise eventuell womöglich könnte könnten; vermutlich wahrscheinlich wohl;
        scheint scheinen schien scheinbar anscheinend offenbar; etwa ungefähr circa ca rund; fast beinahe;
        unsicher ungewiss; zweifel zweifelhaft
        """,
    KeptReason.SIDE: """
        backbord backbordseitig backbords backbordseite; steuerbord steuerbordseitig steuerbords steuerbordseite;
        links linke linken linker; rechts rechte rechten rechter
        """,
    KeptReason.COLOUR: """
        weiss weisse weissen weisser weisses weisslich weissliche;
        schwarz schwarze schwarzen schwarzer schwarzes; grau graue grauen grauer graues;
        rot rote roten roter rotes rötlich rötliche rötlichen;
        braun braune braunen brauner braunes bräunlich bräunliche bräunlichen;
        gelb gelbe gelben gelber gelbes gelblich gelbliche; grün grüne grünen grüner grünes grünlich grünliche;
        blau blaue blauen blauer blaues bläulich bläuliche; orange; dunkel dunkle dunklen dunkler dunkles
        """,
    KeptReason.SIZE: """
        klein kleine kleinen kleiner kleines; winzig winzige winzigen winziger winziges;
        gross grosse grossen grosser grosses; riesig riesige riesigen; kleinste kleinsten;
        grössere grösseren grösser; grösste grössten; lang lange langen langer langes; kurz kurze kurzen;
        breit breite breiten breiter; schmal schmale schmalen; dick dicke dicken; dünn dünne dünnen;
        tief tiefe tiefen tiefer; flach flache flachen; leicht leichte leichten leichter;
        schwer schwere schweren; stark starke starken starker; sehr
        """,
    KeptReason.NUMBER: """
        einige einigen einiger; viele vielen viel vieler; mehrere mehreren mehrerer; wenige wenigen wenig;
        alle allen aller alles jede jeder jedes jeden; beide beiden; meiste meisten; mehr; weniger;
        halb halbe halben halber; viertel; einmal; zweimal; paar; dutzend; einzelne einzelnen einzelner;
        doppelt doppelte; schlimmer schlechter; schlimmsten schlechtesten; besser; besten
        """,
    KeptReason.MEASURE: """
        mm millimeter millimetern; cm zentimeter zentimetern; m meter metern; zoll; fuss; kg kilo kilogramm;
        % prozent; grad °; liter litern; bar; knoten; stunde stunden; tag tage tagen; woche wochen;
        monat monate monaten; jahr jahre jahren
        """,
    KeptReason.DATE: """
        januar jänner; februar; märz; april; mai; juni; juli; august; september; oktober; november; dezember;
        montag; dienstag; mittwoch; donnerstag; freitag; samstag sonnabend; sonntag; frühling frühjahr; sommer;
        herbst; winter; saison; heute; gestern; morgen; vor; letzte letzten letzter letztes letztem;
        nächste nächsten nächster nächstes; seit seitdem; bis; bevor; nach nachdem; danach; während; noch;
        schon bereits; wieder; jetzt nun; kürzlich neulich; immer; oft häufig; manchmal; später; früher;
        vormittag; nachmittag; abend; nacht
        """,
    KeptReason.PLACE: """
        kiel kiels kielen; bug bugs; heck hecks; heckspiegel spiegel; ruder ruders ruderblatt; skeg; deck decks;
        bilge; wasserlinie; unterwasserschiff; propeller propellers schraube; welle; schott;
        seeventil borddurchlass; kajüte kabine; pütting; mast; leiter; über oberhalb; unter unterhalb; neben bei;
        nahe; hinter; zwischen; innen innerhalb; aussen ausserhalb; vorn vorne vordere vorderen;
        achtern hinten hintere hinteren; entlang; um; mitte; kante kanten; oben obere oberen;
        unten untere unteren
        """,
    KeptReason.DIAGNOSIS: """
        osmose osmotisch osmotische; korrosion korrodiert korrodierte korrodierten;
        rost rosten rostig rostige rostigen rostiger rostet verrostet angerostet durchgerostet rostet;
        delamination delaminiert; faul fäulnis verfault; schaden schäden beschädigt beschädigte beschädigung;
        defekt defekte mangel mängel; versagen; strukturell strukturelle; unsicher; sicher; seetüchtig;
        seeuntüchtig; gefährlich gefahr; elektrolyse; galvanisch galvanische; lochfrass; ermüdung;
        undicht leck lecks leckt
        """,
}
_PHRASES: Final = """
    gelcoat gel_coat; antifouling anti_fouling; wasserlinie wasser_linie;
    unterwasserschiff unterwasser_schiff unter_wasser_schiff; backbord back_bord backboard;
    steuerbord steuer_bord steuerboard; vielleicht kann_sein;
    filler sag_ich_mal sage_ich_mal wie_gesagt weisst_du ich_sag_mal; seeventil see_ventil; nicht nich;
    gibt gibts; nichts nix; antifouling antifuling; osmose osmosse
    """
_SYNONYMS: Final = """
    boot schiff yacht jacht; foto bild photo aufnahme fotos bilder photos aufnahmen; gelcoat gelcoats;
    sehen sehe sieht
    """
_COUNTED: Final = """
    blase blasen; bläschen bläschen; stelle stellen; fleck flecken; fleck flecke; riss risse; loch löcher;
    delle dellen; beule beulen; naht nähte; schweissnaht schweissnähte; anode anoden; fläche flächen;
    spur spuren; kratzer kratzer; punkt punkte; spant spanten; boot boote; foto fotos; platte platten;
    seite seiten
    """
_PAST: Final = """
    komm kam kamen gekommen; geh ging gingen gegangen; nehm nahm nahmen genommen; wachs wuchs gewachsen;
    find fand fanden gefunden; steh stand standen gestanden; sag sagte sagten gesagt; bau baute gebaut;
    kauf kaufte kauften gekauft; beginn begann begannen begonnen; brech brach gebrochen;
    fall fiel fielen gefallen; werd geworden; mach machte machten gemacht; verlier verlor verloren;
    fühl fühlte gefühlt; zeig zeigte zeigten gezeigt; sehen sah sahen gesehen; lieg lag lagen gelegen;
    lauf lief liefen gelaufen; entfern entfernte entfernten entfernt; streich strich strichen gestrichen;
    schleif schliff geschliffen; öffn öffnete öffneten geöffnet; reparier reparierte repariert;
    lös löste lösten gelöst; platz platzte geplatzt
    """
_TENSES: Final = """
    present ist is sind bin bist seid hat haben habe hab hast; past war waren warst hatte hatten wurde wurden;
    future wird werden werde
    """
# Not among them: oder, ob, wenn, weil, als, nur, kann, muss. They change what is said.
_HARMLESS: Final = """
    der die das den dem des ein eine einen einem einer eines dieser diese dieses diesen diesem es sie ihr ihre ihren
    ihrem ihrer ihm ihn ihnen er man da dort hier dass welche welcher welches wer wo wann wie und aber denn auch in im
    an am auf aus von vom zu zum zur mit für durch dabei dann so sein worden sich bitte sowie jener jene jenes ne nen
    nem ner aufm vorm am
    """
_FILLERS: Final = "filler äh ähm öh öhm hm hmm mh tja naja halt eben eigentlich einfach mal ja ok okay also"
_ENDING: Final = re.compile(r"(?:ern|em|er|en|es|e|n|s)$")
_SHORTEST: Final = 3
_PARTICIPLE: Final = re.compile(r"ge\w{3,}t")


def stem(word: str) -> str:
    """Return what a word shares with its other forms: nasse, nasser, nassen; streichen, streiche."""
    cut = _ENDING.sub("", word)
    return cut if len(cut) >= _SHORTEST else word


def is_past(word: str) -> bool:
    return _PARTICIPLE.fullmatch(word) is not None


GERMAN: Final = Lexicon(
    language="de",
    facts=facts_of(_FACTS),
    phrases=groups(_PHRASES),
    synonyms=groups(_SYNONYMS),
    plurals=plurals_of(_COUNTED),
    past={form: present for form, present in groups(_PAST).items() if form != present},
    tenses=groups(_TENSES),
    fillers=words(_FILLERS),
    harmless=words(_HARMLESS),
    stem=stem,
    is_past=is_past,
    number_of=german_number,
)
